import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { type ErrorCode, errors } from '@switchboard/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerSocket } from '../http/answer-socket.js'
import { problemOf } from '../http/problem.js'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import { createSlots } from '../sessions/hashing.js'
import { createSignalHttp } from '../signaling/http.js'
import { statement } from '../storage/database.js'
import { DatabaseUnavailable } from '../storage/errors.js'
import { unlimited } from '../throttles/unlimited.js'
import { type RestWorld, restWorld } from './testing.js'

const codes = Object.keys(errors) as ErrorCode[]
const comesBack = (code: ErrorCode) => errors[code].status === 429 || errors[code].status === 503

let thrown: unknown
let world: RestWorld
beforeAll(async () => {
  const request = () => {
    if (thrown !== undefined) throw thrown
  }
  world = await restWorld({
    throttles: { ...unlimited, request },
    draining: () => true,
    presence: {
      standing() {
        throw new Refusal('service_unavailable', 'presence is known elsewhere')
      },
    },
  })
})
afterAll(() => world.close())

async function answerTo(failure: unknown) {
  thrown = failure
  const answer = await world.ask('GET', '/health/live')
  thrown = undefined
  return answer
}

describe('every refusal that asks to come back says when', () => {
  test('there are three of them', () => {
    expect(codes.filter(comesBack)).toEqual(['too_many_attempts', 'rate_limited', 'service_unavailable'])
  })

  test.each(codes)('REST: %s', async code => {
    const { status, headers } = await answerTo(new Refusal(code))
    expect(status).toBe(errors[code].status)
    if (comesBack(code)) expect(headers['retry-after']).toMatch(/^[1-9]\d*$/)
    else expect(headers).not.toHaveProperty('retry-after')
  })

  test.each(codes)('on a bare socket: %s', async code => {
    const server = createServer(socket => answerSocket(socket, 'id', problemOf(code))).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const answer = await text(socket)
    server.close()
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${errors[code].status} `))
    expect(/\r\nretry-after: [1-9]\d*\r\n/.test(answer)).toBe(comesBack(code))
  })

  test('one that knows better says so, once', async () => {
    const { headers } = await answerTo(new Refusal('rate_limited', undefined, { retryAfterSeconds: 77 }))
    expect(headers['retry-after']).toBe('77')
    const server = createServer(socket =>
      answerSocket(socket, 'id', problemOf('rate_limited'), { 'retry-after': '35' }),
    ).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const answer = await text(connect((server.address() as AddressInfo).port, '127.0.0.1'))
    server.close()
    expect(answer.match(/retry-after: \d+/g)).toEqual(['retry-after: 35'])
  })
})

describe('the places that refuse so', () => {
  const fill = (table: string) =>
    statement<object>(
      `test.fill_${table}`,
      table === 'blocks'
        ? `insert into blocks (owner_id, phone_number, created_at)
           select id, (500000 + n)::text, now() from users, generate_series(1, $2::int) n where email = $1`
        : `with others as (
             insert into users (id, phone_number, email, email_key, firstname, lastname, password_hash, created_at)
             select gen_random_uuid(), (600000 + n)::text, n || '@full.yup', n || '@full.yup', 'A', 'B', '$argon2id$', now()
             from generate_series(1, $2::int) n returning id)
           insert into contacts (id, owner_id, contact_id, created_at)
           select others.id, me.id, others.id, now() from users me, others where me.email = $1`,
    )

  test('a full list of contacts', async () => {
    const [ada, bob] = [await world.person(), await world.person()]
    await world.database.query(fill('contacts'), [ada.email, limits.contactsPerUser])
    const body = { contact_phonenumber: bob.phone_number }
    const answer = await world.ask('POST', '/add_contact', body, ada.token)
    expect(answer).toMatchObject({
      status: 429,
      body: { code: 'rate_limited' },
      headers: { 'retry-after': '60' },
    })
  })

  test('a full list of blocked numbers', async () => {
    const ada = await world.person()
    await world.database.query(fill('blocks'), [ada.email, limits.blocksPerUser])
    const answer = await world.ask('PUT', '/block_number', { phone_number: '700001' }, ada.token)
    expect(answer).toMatchObject({
      status: 429,
      body: { code: 'rate_limited' },
      headers: { 'retry-after': '60' },
    })
  })

  test('a server that is not ready, a database that is away, presence that is elsewhere', async () => {
    expect(await world.ask('GET', '/health/ready')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
    })
    expect(await answerTo(new DatabaseUnavailable('away', { cause: undefined }))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
    })
    const [ada, bob] = [await world.person(), await world.person()]
    await world.ask('POST', '/add_contact', { contact_phonenumber: bob.phone_number }, ada.token)
    await world.ask('POST', '/add_contact', { contact_phonenumber: ada.phone_number }, bob.token)
    expect(await world.ask('GET', '/get_presence', undefined, ada.token)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
    })
  })

  test('the signaling port that is not ready', async () => {
    const http = createSignalHttp({
      createServer: listener => createHttpServer(listener),
      busState: () => 'none',
      isReady: async () => false,
      newId: () => 'id',
    }).listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { status, headers } = await fetch(
      `http://127.0.0.1:${(http.address() as AddressInfo).port}/health/ready`,
    )
    http.close()
    expect([status, headers.get('retry-after')]).toEqual([503, '2'])
  })

  test('hashing that is shed', async () => {
    const run = createSlots(1, 0)
    const busy = run(() => new Promise<void>(resolve => setImmediate(resolve)))
    const shed = await run(async () => undefined).catch((failure: unknown) => failure)
    await busy
    expect(await answerTo(shed)).toMatchObject({ status: 503, headers: { 'retry-after': '2' } })
  })

  test('and the document of the API says so', async () => {
    const { body } = await world.ask('GET', '/openapi.json')
    type Responses = Record<string, { headers: Record<string, unknown> }>
    const operations = Object.values(body.paths).flatMap(methods => Object.values(methods as object))
    for (const { responses } of operations as { responses: Responses }[]) {
      for (const [status, { headers }] of Object.entries(responses))
        expect('Retry-After' in (headers ?? {}), status).toBe(status === '429' || status === '503')
    }
  })
})
