import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { down, up } from '../index.js'
import { asyncApi } from './asyncapi.js'
import { downReference } from './down.js'
import { members } from './members.js'
import type { MessageReference } from './message-reference.js'
import { upReference } from './up.js'

const document = asyncApi()

/** What a reference within the document leads to. */
const at = (pointer: string) =>
  pointer
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], document)

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  if ('$ref' in value) return [String(value.$ref)]
  return Object.values(value).flatMap(references)
}

describe.each([
  ['client', up, upReference],
  ['server', down, downReference],
] as const)('the messages of the %s', (_, schemas, reference: Record<string, MessageReference>) => {
  test.each(Object.entries(schemas))('%s has examples that its schema takes', (reason, schema) => {
    const examples = Object.values(reference[reason]?.examples ?? {})
    expect(examples.length).toBeGreaterThan(0)
    const check = Compile(schema)
    for (const { message } of examples) {
      expect(check.Check(message), JSON.stringify(message)).toBe(true)
      const unknown = Object.keys(message).filter(member => !(member in schema.properties))
      expect(unknown).toEqual([])
    }
  })

  test('have no member that is not explained', () => {
    const names = Object.values(schemas).flatMap(({ properties }) => Object.keys(properties))
    expect(names.filter(name => !(name in members))).toEqual([])
  })
})

test('every reference within the document leads somewhere', () => {
  const all = references(document)
  expect(all.length).toBeGreaterThan(40)
  for (const pointer of all) expect(at(pointer), pointer).toEqual(expect.any(Object))
})

test('is JSON: what is served is what is described', () => {
  expect(JSON.parse(JSON.stringify(document))).toEqual(document)
  expect(document.asyncapi).toBe('3.0.0')
})
