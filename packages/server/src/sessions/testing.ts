import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UserId } from '@switchboard/protocol'
import { v7 } from 'uuid'
import type { Clock } from '../clock.js'
import { createLogger } from '../log.js'
import { accountFeed } from '../storage/account-feed.js'
import { credentials } from '../storage/credentials.js'
import { type Statement, statement } from '../storage/database.js'
import { logins } from '../storage/logins.js'
import { passwordResets } from '../storage/password-resets.js'
import { type TestDatabase, testDatabase } from '../storage/testing.js'
import { unlimited } from '../throttles/unlimited.js'
import { createAccountControl } from './account-control.js'
import { createAccountEvents } from './account-feed.js'
import { createSessions } from './create-sessions.js'
import type { SessionMail, SessionsDeps } from './deps.js'
import { emailKey } from './email-key.js'
import { createHashing } from './hashing.js'
import { openKeyRing } from './keys.js'
import { createResetCodes } from './reset-codes.js'

/** Time that a test moves; it also goes on by itself. */
export function movableClock(): Clock & { advance(ms: number): void } {
  let moved = 0
  return {
    wall: () => Date.now() + moved,
    monotonic: () => performance.now() + moved,
    advance(ms) {
      moved += ms
    },
  }
}

export const seedUser = {
  email: 'somenice@domain.yup',
  phoneNumber: '1234567890',
  firstname: 'First',
  lastname: 'Last',
  password: 'SuperSecure',
}

/** Notices and wishes for codes, as sessions send them off. */
function recordingMail() {
  const notices: string[] = []
  const wishes: string[] = []
  const mail: SessionMail = {
    requestReset: async email => void wishes.push(email),
    notify: async (_tx, kind, recipient) => void notices.push(`${kind} to ${recipient}`),
  }
  return { mail, notices, wishes }
}

export type TestNode = Awaited<ReturnType<typeof testNode>>

/** One node on a database: what `app.ts` puts together for accounts, without its mail. */
export async function testNode(
  store: TestDatabase,
  keyFile: string,
  config: Partial<SessionsDeps['config']> = {},
) {
  const { database } = store
  const clock = movableClock()
  const log = createLogger('silent')
  const newId = () => v7()
  const keys = await openKeyRing({ file: keyFile, strict: false, clock, log })
  const events = createAccountEvents({ database, feed: accountFeed, clock, newId, log })
  const stores = { credentials, logins, resets: passwordResets }
  const resetCodes = createResetCodes({ database, stores, keys, clock, newId })
  const { mail, notices, wishes } = recordingMail()
  const hashing = createHashing()
  const sessions = createSessions({
    config: { securityProfile: 'standard', tokenTtlSeconds: 86_400, ...config },
    ...{ database, stores, keys, hashing, events, resetCodes, mail, throttles: unlimited, clock, newId, log },
  })
  const control = createAccountControl({ database, stores, events, clock })
  return { database, clock, keys, events, resetCodes, hashing, sessions, control, notices, wishes, newId }
}

/** A fresh database and a key, and as many nodes on them as the test wants. */
export async function testDeployment() {
  const store = await testDatabase()
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-sessions-'))
  const keyFile = join(dir, 'tokenSecret.key')
  const nodes: TestNode[] = []
  return {
    store,
    database: store.database,
    keyFile,
    async node(config: Partial<SessionsDeps['config']> = {}) {
      const node = await testNode(store, keyFile, config)
      nodes.push(node)
      return node
    },
    async close() {
      await Promise.all(nodes.map(node => node.events.stop()))
      await store.close()
      await rm(dir, { recursive: true })
    },
  }
}

let people = 0

/** A user with a password, straight into the table. */
export async function addUser(node: TestNode, more: Partial<typeof seedUser> = {}) {
  people += 1
  const user = {
    ...seedUser,
    email: `person${people}@domain.yup`,
    phoneNumber: `2${100_000 + people}`,
    ...more,
  }
  const id = node.newId() as UserId
  const insert = statement<never>(
    'testing.add_user',
    `insert into users (id, phone_number, email, email_key, firstname, lastname, password_hash, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, now())`,
  )
  const hash = await node.hashing.hash(user.password)
  await node.database.query(insert, [
    id,
    user.phoneNumber,
    user.email,
    emailKey(user.email),
    user.firstname,
    user.lastname,
    hash,
  ])
  return { ...user, id }
}

/** Rows of whatever a test wants to see. */
export const rows = <Row extends object>(
  node: Pick<TestNode, 'database'>,
  text: string,
  values: unknown[] = [],
) => node.database.query({ name: `testing ${text}`.slice(0, 60), text } as Statement<Row>, values)

/** `accepted`, or the code of the refusal. */
export const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    error => (error.code as string | undefined) ?? String(error),
  )
