import { randomUUID } from 'node:crypto'
import type { CallId, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import { beforeAll, expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import type { NodeId } from '../cluster/node-id.js'
import { createTerms } from '../cluster/terms.js'
import type { Established } from '../exchange/call.js'
import { pgCalls } from './calls.js'
import { statement } from './database.js'
import { pgNodes } from './nodes.js'
import { type TestDatabase, testDatabase } from './testing.js'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
  return () => db.close()
})

const enlist = statement(
  'test.enlist',
  `insert into users (id, phone_number, email, email_key, firstname, lastname, password_hash, created_at)
   values ($1, $2, $2 || '@example.org', $2 || '@example.org', 'A', 'B', '$argon2id$', now())`,
)
const rowOf = statement<{ owner: NodeId | null; term: number; caller_device: DeviceId }>(
  'test.row_of',
  'select owner, term, caller_device from calls where id = $1',
)

let numbers = 5_550_000
async function seat() {
  const [userId, number] = [randomUUID() as UserId, `${++numbers}` as PhoneNumber]
  await db.database.query(enlist, [userId, number])
  return { userId, number, device: randomUUID() as DeviceId, login: randomUUID() as LoginId }
}

async function call(): Promise<Established> {
  const [caller, callee] = [await seat(), await seat()]
  const now = systemClock.monotonic()
  return {
    state: 'established',
    id: randomUUID() as CallId,
    ...{ caller, callee, dialled: callee.number, placedAt: now, rangAt: now, answeredAt: now },
    relayOnly: false,
    offered: { caller: false, callee: false },
    candidates: { caller: 0, callee: 0 },
  }
}

/** What one node writes and takes over; `null` is a server that has no others. */
function nodeOf(name: string | null = randomUUID()) {
  const owner = (name ?? undefined) as NodeId
  const terms = createTerms()
  const { database } = db
  const calls = pgCalls({ database, clock: systemClock, newId: randomUUID, owner, terms })
  const write = (call: Established) => calls.write([call], [], at => Date.now() + at)
  return { owner, terms, calls, write, nodes: pgNodes(database, calls) }
}

const on = (call: Established, device = randomUUID() as DeviceId): Established => ({
  ...call,
  caller: { ...call.caller, device },
})
const kept = async ({ id }: Established) => (await db.database.query(rowOf, [id]))[0]

test('who was given a call, and writes first after another one took it over, writes nothing', async () => {
  const [giver, slow, quick] = [nodeOf(), nodeOf(), nodeOf()]
  const begun = await call()
  await giver.write(begun)
  slow.terms.set(begun.id, giver.terms.give(begun.id))
  await quick.nodes.join(quick.owner)
  const taken = await quick.nodes.adoptOrphans(quick.owner)
  for (const [id, term] of taken.terms) quick.terms.set(id, term)
  await slow.write(on(begun))
  expect(await kept(begun)).toMatchObject({ owner: quick.owner, term: 1, caller_device: begun.caller.device })
  const later = on(begun)
  await quick.write(later)
  expect(await kept(begun)).toMatchObject({ owner: quick.owner, caller_device: later.caller.device })
})

test('who gave a call away writes nothing once the other one has written', async () => {
  const [giver, taker] = [nodeOf(), nodeOf()]
  const begun = await call()
  await giver.write(begun)
  taker.terms.set(begun.id, giver.terms.give(begun.id))
  await taker.write(begun)
  await giver.write(on(begun))
  expect(await kept(begun)).toMatchObject({ owner: taker.owner, term: 1, caller_device: begun.caller.device })
})

test('a server that is alone has whatever it finds', async () => {
  const [gone, alone] = [nodeOf(), nodeOf(null)]
  const begun = await call()
  await gone.write(begun)
  await alone.calls.living()
  const later = on(begun)
  await alone.write(later)
  expect(await kept(begun)).toMatchObject({ owner: null, caller_device: later.caller.device })
})
