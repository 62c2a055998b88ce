import fc from 'fast-check'
import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import { readBody } from './json-body.js'

const numRuns = Number(process.env.FUZZ_RUNS ?? 5_000)

/** The part of a request that its body is read by. */
const request = (takesBody: boolean, headers: object) =>
  ({ routeOptions: { schema: takesBody ? { body: {} } : {} }, headers }) as unknown as FastifyRequest

function outcome(takesBody: boolean, headers: object, bytes: Buffer): unknown {
  try {
    return readBody(request(takesBody, headers), bytes)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

const json = { 'content-type': 'application/json' }

const valueText = fc.oneof(
  fc.json({ maxDepth: 9 }),
  fc.string({ unit: 'binary' }).map(text => JSON.stringify(text)),
  fc.constantFrom('{"__proto__":1}', '1e999', '"\\ud800"', '[', '}', '"', '\\', 'NaN'),
)
const memberText = fc
  .tuple(fc.constantFrom('email', 'password', '__proto__', 'constructor', 'e\\u006dail', ''), valueText)
  .map(([name, value]) => `"${name}":${value}`)
const bytes = fc.oneof(
  fc.array(memberText, { maxLength: 6 }).map(all => Buffer.from(`{${all.join()}}`)),
  fc
    .tuple(fc.array(memberText, { maxLength: 3 }), fc.nat({ max: 120 }), fc.uint8Array({ maxLength: 3 }))
    .map(([all, at, piece]) => {
      const whole = Buffer.from(`{${all.join()}}`)
      return Buffer.concat([whole.subarray(0, at), piece, whole.subarray(at)])
    }),
  fc.uint8Array({ maxLength: 60 }).map(array => Buffer.from(array)),
)

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

test('any bytes are an object within the bounds, or refused', () => {
  const holds = (sent: Buffer) => {
    const body = outcome(true, json, sent)
    if (body instanceof Refusal) {
      expect(['invalid_request', 'unsupported_media_type']).toContain(body.code)
      return
    }
    if (sent.length === 0) return
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype)
    expect(depthOf(body)).toBeLessThanOrEqual(limits.jsonDepth)
    expect(Object.keys(body as object).length).toBeLessThanOrEqual(limits.jsonMembers)
    expect(body).toEqual(JSON.parse(sent.toString('utf8')))
  }
  fc.assert(fc.property(bytes, holds), { numRuns })
})

test('a route without a body takes nothing but an empty object, whatever is sent', () => {
  const holds = (sent: Buffer) => {
    const body = outcome(false, json, sent)
    if (body instanceof Refusal) return
    expect(body).toBeUndefined()
    expect(sent.length === 0 || Object.keys(JSON.parse(sent.toString('utf8'))).length === 0).toBe(true)
  }
  fc.assert(fc.property(bytes, holds), { numRuns })
})

test('any content type is JSON in UTF-8, or refused', () => {
  const piece = fc.constantFrom(
    'application/json',
    ';',
    'charset',
    '=',
    'utf-8',
    '"',
    'UTF8',
    ' ',
    'text/plain',
    '\t',
    'x',
  )
  const holds = (type: string) => {
    const body = outcome(true, { 'content-type': type }, Buffer.from('{"email":"a"}'))
    const isRefused = body instanceof Refusal && body.code === 'unsupported_media_type'
    if (!isRefused) expect(type).toMatch(/^\s*application\/json\s*(;|$)/i)
  }
  const type = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map(all => all.join('')),
    fc.string({ maxLength: 40 }),
  )
  fc.assert(fc.property(type, holds), { numRuns })
})
