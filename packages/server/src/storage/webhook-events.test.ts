import { randomUUID } from 'node:crypto'
import type { CallId, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import type { NodeId } from '../cluster/node-id.js'
import { createTerms } from '../cluster/terms.js'
import {
  type Call,
  type Ended,
  type Established,
  ended,
  type Payload,
  type Ringing,
} from '../exchange/call.js'
import { noEvents } from '../webhooks/deliveries.js'
import { pgCalls } from './calls.js'
import { statement } from './database.js'
import { pgDirectoryStores } from './directory-stores.js'
import { pgNodes } from './nodes.js'
import { type TestDatabase, testDatabase } from './testing.js'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
  return () => db.close()
})
const clear = statement('test.clear', 'delete from webhook_deliveries')
const written = statement<{ type: string; endpoint: string; cause: string | null }>(
  'test.events',
  'select * from webhook_deliveries where subject = $1 order by endpoint, step',
)
const eventsOf = (subject: string) => db.database.query(written, [subject])
const typesOf = async (subject: string) => (await eventsOf(subject)).map(({ type }) => type)
beforeEach(async () => void (await db.database.query(clear)))

const directory = (endpoints = ['one']) =>
  pgDirectoryStores(db.database, async () => [Buffer.from('a')], { ...noEvents, endpoints })

let numbers = 5_550_000
async function enlist(endpoints?: string[]) {
  const [id, phoneNumber] = [randomUUID() as UserId, `${++numbers}` as PhoneNumber]
  const email = `${phoneNumber}@example.org`
  const inserted = await directory(endpoints).users.insert({
    ...{ id, phoneNumber, email, emailKey: email, firstname: 'A', lastname: 'B', createdAt: new Date() },
    passwordHash: '$argon2id$',
  })
  expect(inserted).toBe(true)
  return { id, phoneNumber, email, emailKey: email, firstname: 'A', lastname: 'B' }
}
async function seat() {
  const { id, phoneNumber } = await enlist([])
  return { userId: id, number: phoneNumber, device: randomUUID() as DeviceId, login: randomUUID() as LoginId }
}

/** One call in its three states. */
async function states(): Promise<{ ringing: Ringing; established: Established; over: Ended }> {
  const [caller, callee] = [await seat(), await seat()]
  const now = systemClock.monotonic()
  const base = { id: randomUUID() as CallId, caller, dialled: callee.number, placedAt: now, relayOnly: false }
  const ringing: Ringing = {
    ...{ ...base, state: 'ringing', callee: callee.userId, rangAt: now, ringUntil: now },
    ...{ offer: '""' as Payload, callerCandidates: [], forks: new Map() },
  }
  const established: Established = {
    ...{ ...base, state: 'established', callee, rangAt: now, answeredAt: now },
    ...{ offered: { caller: false, callee: false }, candidates: { caller: 0, callee: 0 } },
  }
  return { ringing, established, over: ended(established, 'hung_up', now) }
}

function nodeOf(endpoints = ['one']) {
  const [owner, terms, { database }] = [randomUUID() as NodeId, createTerms(), db]
  const events = { ...noEvents, endpoints }
  const calls = pgCalls({ database, clock: systemClock, newId: randomUUID, owner, terms, events })
  const wall = (at: number) => Date.now() - systemClock.monotonic() + at
  const write = (...batch: Call[]) => calls.write(batch, [], wall)
  return { owner, terms, calls, write, nodes: pgNodes(database, calls) }
}
const all = ['call.started', 'call.answered', 'call.ended']

test('a state reached is an event, once, however often it is written', async () => {
  const { write } = nodeOf()
  const { ringing, established, over } = await states()
  await write(ringing)
  expect(await typesOf(ringing.id)).toEqual(['call.started'])
  await write(ringing)
  await write(established)
  await write(established)
  expect(await typesOf(ringing.id)).toEqual(['call.started', 'call.answered'])
  await write(over)
  await write(over)
  expect(await typesOf(ringing.id)).toEqual(all)
})

test('states that a batch skipped are events as well, each with what was known by then', async () => {
  const { write } = nodeOf()
  const one = await states()
  const denied = await states()
  await write(one.over, ended(denied.ringing, 'denied', systemClock.monotonic()))
  const { caller, callee } = one.established
  expect(await eventsOf(one.over.id)).toMatchObject([
    {
      type: 'call.started',
      caller_id: caller.userId,
      callee_id: callee.userId,
      answered_at: null,
      cause: null,
    },
    { type: 'call.answered', answered_at: expect.any(Date), ended_at: null, cause: null },
    { type: 'call.ended', answered_at: expect.any(Date), ended_at: expect.any(Date), cause: 'hung_up' },
  ])
  expect(await eventsOf(denied.ringing.id)).toMatchObject([
    { type: 'call.started' },
    { type: 'call.ended', answered_at: null, cause: 'denied' },
  ])
})

test('every endpoint has its own', async () => {
  const { write } = nodeOf(['one', 'two'])
  const { over } = await states()
  await write(over)
  expect((await eventsOf(over.id)).map(({ endpoint }) => endpoint)).toEqual([
    ...['one', 'one', 'one'],
    ...['two', 'two', 'two'],
  ])
})

test('a node that a call was taken from tells nothing any more, and its heir nothing twice', async () => {
  const [first, heir] = [nodeOf(), nodeOf()]
  const { ringing, established, over } = await states()
  await first.write(ringing)
  await heir.nodes.join(heir.owner)
  const taken = await heir.nodes.adoptOrphans(heir.owner)
  for (const [id, term] of taken.terms) heir.terms.set(id, term)
  await first.write(over)
  expect(await typesOf(ringing.id)).toEqual(['call.started'])
  await heir.write(established)
  await first.write(over)
  await heir.write(over)
  expect(await typesOf(ringing.id)).toEqual(all)
})

test('two nodes that write the same call at once tell of it once', async () => {
  const nodes = [nodeOf(), nodeOf()]
  for (let round = 0; round < 20; round++) {
    const { ringing, established, over } = await states()
    await nodes[0]?.write(ringing)
    nodes[1]?.terms.set(ringing.id, 1)
    await Promise.all(nodes.map(({ write }) => write(established)))
    await Promise.all(nodes.map(({ write }) => write(over)))
    expect(await typesOf(ringing.id)).toEqual(all)
  }
})

test('a call that nobody can take part in any more is told of as ended', async () => {
  const { write, calls } = nodeOf()
  const { ringing, established } = await states()
  await write(ringing)
  const user = (await directory([]).users.byId(established.caller.userId)) ?? expect.fail('nobody')
  await db.database.transaction(tx => directory([]).accounts.erase(tx, { ...user, emailKey: user.email }))
  await calls.living()
  expect(await eventsOf(ringing.id)).toMatchObject([
    { type: 'call.started' },
    { type: 'call.ended', cause: 'connection_lost' },
  ])
})

test('a user who comes and goes is told of, by id alone; who could not be made is not', async () => {
  const user = await enlist(['one'])
  await db.database.transaction(tx => directory().accounts.erase(tx, user))
  expect(await eventsOf(user.id)).toMatchObject([
    { type: 'user.created', endpoint: 'one', caller_id: null },
    { type: 'user.deleted', endpoint: 'one', caller_id: null },
  ])
  const twin = { ...(await enlist([])), id: randomUUID() as UserId, passwordHash: '$argon2id$' }
  expect(await directory().users.insert({ ...twin, createdAt: new Date() })).toBe(false)
  expect(await typesOf(twin.id)).toEqual([])
  await expect(
    db.database.transaction(async tx => {
      await directory().accounts.erase(tx, user)
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
})

test('without endpoints nothing is written', async () => {
  const { write } = nodeOf([])
  const { over } = await states()
  await write(over)
  expect(await typesOf(over.id)).toEqual([])
})
