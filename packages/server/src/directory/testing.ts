import { createHmac } from 'node:crypto'
import type { PhoneNumber, UserId } from '@switchboard/protocol'
import { v7 } from 'uuid'
import { createLogger } from '../log.js'
import { Refusal } from '../refusal.js'
import type { AccountEvent } from '../sessions/account-events.js'
import { createAccountEvents } from '../sessions/account-feed.js'
import { accountFeed } from '../storage/account-feed.js'
import { type Queryable, statement } from '../storage/database.js'
import { pgDirectoryStores } from '../storage/directory-stores.js'
import { testDatabase } from '../storage/testing.js'
import { createDirectory, type DirectoryDeps } from './create-directory.js'
import { numberingPlan } from './phone-number.js'

export const rightPassword = 'SuperSecure'

/** Secrets as token keys of these names make them, the newest first. */
export const secretsUnder =
  (...keys: readonly [string, ...string[]]) =>
  async (purpose: string): Promise<readonly [Buffer, ...Buffer[]]> => {
    const [newest, ...older] = keys
    const secret = (key: string) => createHmac('sha256', key).update(purpose).digest()
    return [secret(newest), ...older.map(secret)]
  }

/** A directory on a real database, with a clock that stands still and people to put in it. */
export async function directoryWorld(changes: Partial<DirectoryDeps> = {}) {
  const { database, close } = await testDatabase()
  const clock = { now: Date.parse('2026-01-31T12:00:00Z'), wall: () => clock.now, monotonic: () => clock.now }
  const events = createAccountEvents({
    database,
    feed: accountFeed,
    clock,
    newId: v7,
    log: createLogger('silent'),
  })
  const announced: AccountEvent[] = []
  events.subscribe(event => void announced.push(event))
  const notices: { kind: string; recipient: string }[] = []
  const directory = createDirectory({
    database,
    stores: pgDirectoryStores(database, secretsUnder('the key', 'the one before')),
    canonicalise: numberingPlan({ plan: 'open' }),
    hashNewPassword: async password => `$argon2id$${password.length}`,
    confirmPassword: async (_id, password) => {
      if (password !== rightPassword) throw new Refusal('invalid_credentials')
    },
    accountEvents: events,
    notify: async (_tx, kind, recipient) => void notices.push({ kind, recipient }),
    clock,
    newId: v7,
    securityProfile: 'standard',
    ...changes,
  })

  let people = 0
  const person = (more: Partial<Parameters<typeof directory.register>[0]> = {}) => {
    const n = ++people
    return directory.register({
      firstname: 'First',
      lastname: `Last${n}`,
      phone_number: String(1_000_000_000 + n),
      email: `person${n}@domain.yup`,
      password: rightPassword,
      ...more,
    })
  }
  return { database, directory, clock, announced, notices, person, close }
}

interface PastCallRow {
  readonly caller: UserId | null
  readonly callee: UserId | null
  readonly callerNumber?: string
  readonly calleeNumber?: string
  readonly state?: 'ringing' | 'established' | 'ended'
  readonly answered?: boolean
  readonly cause?: string
  readonly payload?: string
}

const insertCall = statement<{ id: string }>(
  'test.insert_call',
  `insert into calls (id, caller_id, callee_id, caller_number, callee_number, caller_device, caller_login, state,
     started_at, answered_at, ended_at, end_cause, ringing_payload)
   values ($1, $2, $3, $4, $5, $1, $1, $6, $7, $8, $9, $10, $11) returning id`,
)
const insertStep = statement<object>(
  'test.insert_step',
  'insert into call_events (call_id, seq, at, kind, detail) values ($1, $2, $3, $4, $5)',
)

/** A call as signaling writes it, with two steps of its trace. */
export async function insertPastCall(db: Queryable, call: PastCallRow): Promise<string> {
  const { state = 'ended', answered = state === 'established' } = call
  const at = new Date('2026-01-31T11:00:00Z')
  const over = state === 'ended'
  const id = v7()
  await db.query(insertCall, [
    id,
    call.caller,
    call.callee,
    call.callerNumber ?? null,
    call.calleeNumber ?? null,
    state,
    at,
    answered ? at : null,
    over ? at : null,
    over ? (call.cause ?? (answered ? 'hung_up' : 'no_answer')) : null,
    call.payload ?? null,
  ])
  await db.query(insertStep, [id, 1, at, 'placed', null])
  await db.query(insertStep, [id, 2, at, 'located', 'secret of the callee'])
  return id
}

export const number = (digits: string) => digits as PhoneNumber
