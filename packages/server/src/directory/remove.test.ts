import { afterAll, beforeAll, expect, test } from 'vitest'
import { emailKey } from '../sessions/email-key.js'
import { type Queryable, statement } from '../storage/database.js'
import { keysOfAccount } from '../throttles/account-keys.js'
import type { User } from './directory.js'
import { directoryWorld, insertPastCall, secretsUnder } from './testing.js'

type World = Awaited<ReturnType<typeof directoryWorld>>
let world: World
beforeAll(async () => {
  world = await directoryWorld()
})
afterAll(() => world.close())

const seed = [
  `insert into logins (id, user_id, created_at, expires_at)
   select $1::uuid, $1::uuid, now(), now() + interval '1 day'`,
  `insert into password_resets (id, user_id, code_hash, created_at, code_expires_at)
   select gen_random_uuid(), $1::uuid, '\\x00', now(), now()`,
  `insert into mail_jobs (id, kind, recipient, recipient_key, state, created_at, next_attempt_at, give_up_at)
   select gen_random_uuid(), 'reset_code', email, email_key, 'waiting', now(), now(), now() from users where id = $1::uuid`,
  `insert into account_events (id, kind, user_id) select gen_random_uuid(), 'profile_changed', $1::uuid`,
].map((text, i) => statement<object>(`test.seed_${i}`, text))

const tables = [
  'users',
  'logins',
  'password_resets',
  'contacts',
  'blocks',
  'calls',
  'call_events',
  'mail_jobs',
  'resting_numbers',
  'account_events',
  'former_numbers',
  'throttles',
  'failed_logins',
]

const spend = statement<object>(
  'test.spend',
  `insert into throttles (key, arrival, stamps, recovered_at) values ($1, 1, '{1}', 1)`,
)
const fail = statement<object>(
  'test.fail',
  `insert into failed_logins (account, address, failures, next_at, seen_at) values ($1, $2, 100, 1, 1)`,
)

/** What limits keep of somebody, under the newest key and the one before. */
async function limited(db: Queryable, user: Pick<User, 'id' | 'email'>) {
  const secrets = await secretsUnder('the key', 'the one before')('throttles')
  const keys = keysOfAccount(secrets, { id: user.id, emailKey: emailKey(user.email) })
  for (const key of keys.rates) await db.query(spend, [key])
  for (const key of keys.failedLogins) {
    for (const address of ['', 'a familiar one']) await db.query(fail, [key, Buffer.from(address)])
  }
  return [...keys.rates, ...keys.failedLogins].map(key => key.toString('hex'))
}

/** Every row of every table as text: what a dump shows. */
async function dump(): Promise<Record<string, string>> {
  const entries = tables.map(async table => {
    const all = statement<{ row: string }>(`test.dump_${table}`, `select t::text as row from ${table} t`)
    return [table, (await world.database.query(all)).map(({ row }) => row).join('\n')] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

test('a deleted account leaves no trace but the row that tells the other nodes', async () => {
  const { database, directory } = world
  const before = await world.person({
    firstname: 'Adamantina',
    lastname: 'Zweistein',
    phone_number: '4242424241',
    email: 'Ada.Only@domain.yup',
  })
  const ada = await directory.changeNumber(before.id, '4242424242', undefined)
  const [bob, eve] = [await world.person(), await world.person()]
  await directory.addContact(ada.id, bob.phoneNumber)
  await directory.addContact(bob.id, ada.phoneNumber)
  await directory.block(ada.id, eve.phoneNumber)
  await directory.block(eve.id, ada.phoneNumber)
  await directory.block(bob.id, '999000111')
  for (const each of seed) await database.query(each, [ada.id])
  const numbers = { callerNumber: ada.phoneNumber, calleeNumber: bob.phoneNumber }
  const shared = await insertPastCall(database, {
    caller: ada.id,
    callee: bob.id,
    ...numbers,
    answered: true,
  })
  const back = await insertPastCall(database, {
    caller: bob.id,
    callee: ada.id,
    callerNumber: bob.phoneNumber,
    calleeNumber: ada.phoneNumber,
  })
  const blocked = await insertPastCall(database, {
    caller: eve.id,
    callee: null,
    callerNumber: eve.phoneNumber,
    calleeNumber: ada.phoneNumber,
    cause: 'unavailable',
  })
  const living = await insertPastCall(database, {
    caller: ada.id,
    callee: bob.id,
    ...numbers,
    state: 'ringing',
    payload: '{"offer":"4242424242"}',
  })
  await insertPastCall(database, {
    caller: ada.id,
    callee: null,
    callerNumber: ada.phoneNumber,
    calleeNumber: '1',
  })
  await insertPastCall(database, { caller: null, callee: ada.id, calleeNumber: ada.phoneNumber })
  const formerly = await insertPastCall(database, {
    ...{ caller: eve.id, callee: null, callerNumber: eve.phoneNumber, calleeNumber: before.phoneNumber },
    cause: 'unavailable',
  })
  const keys = await limited(database, ada)
  const others = await limited(database, bob)
  expect(keys).toHaveLength(10)
  world.announced.length = 0

  await directory.remove(ada.id)

  const { account_events, ...rest } = await dump()
  const all = Object.values(rest).join('\n')
  for (const trace of [ada.id, 'Adamantina', 'Zweistein', /424242424[12]/, /ada\.only/i, ...keys])
    expect(all).not.toMatch(trace)
  for (const key of others) expect(all).toContain(key)
  expect(account_events?.split('\n').filter(row => row.includes(ada.id))).toEqual([
    expect.stringMatching(/logins_ended,.*deleted/),
  ])
  expect(world.announced).toEqual([{ kind: 'logins_ended', userId: ada.id, reason: 'deleted' }])

  const page = { limit: 10, cursor: undefined }
  const ofBob = (await directory.history(bob.id, page)).items
  expect(ofBob.map(call => [call.callId, call.peer])).toEqual([
    [living, null],
    [back, null],
    [shared, null],
  ])
  expect((await directory.history(eve.id, page)).items).toMatchObject([
    { callId: formerly, peer: null },
    { callId: blocked, peer: null },
  ])
  expect(await directory.blocked(eve.id)).toEqual([])
  expect(await directory.blocked(bob.id)).toEqual(['999000111'])
  // The number and the email are free again.
  await world.person({ phone_number: ada.phoneNumber, email: ada.email })
})

test('when any part fails nothing is removed', async () => {
  const broken = await directoryWorld({
    accountEvents: {
      record: async () => {
        throw new Error('the feed is broken')
      },
      announce: () => expect.unreachable('announced what did not happen'),
      subscribe: () => () => {},
    },
  })
  try {
    const ada = await broken.person()
    await expect(broken.directory.remove(ada.id)).rejects.toThrow('the feed is broken')
    expect(await broken.directory.user(ada.id)).toEqual(ada)
  } finally {
    await broken.close()
  }
})

test('the export shows everything stored, and no secret', async () => {
  const { database, directory } = world
  const [before, bob] = [await world.person(), await world.person()]
  const ada = await directory.changeNumber(before.id, '4343434343', undefined)
  await directory.addContact(ada.id, bob.phoneNumber)
  await directory.block(ada.id, '999000111')
  for (const each of seed) await database.query(each, [ada.id])
  const call = await insertPastCall(database, {
    caller: ada.id,
    callee: bob.id,
    calleeNumber: bob.phoneNumber,
  })
  const exported = await directory.export(ada.id)
  expect(exported).toEqual({
    profile: {
      firstname: ada.firstname,
      lastname: ada.lastname,
      phone_number: ada.phoneNumber,
      email: ada.email,
      created_at: '2026-01-31T12:00:00.000Z',
    },
    settings: { relay_only_for_strangers: false, calls_from_contacts_only: false },
    contacts: [
      {
        phone_number: bob.phoneNumber,
        username: `${bob.firstname} ${bob.lastname}`,
        added_at: '2026-01-31T12:00:00.000Z',
      },
    ],
    blocked: [{ phone_number: '999000111', blocked_at: '2026-01-31T12:00:00.000Z' }],
    former_numbers: [{ phone_number: before.phoneNumber, held_until: '2026-01-31T12:00:00.000Z' }],
    logins: [{ created_at: expect.any(String), expires_at: expect.any(String), ended_at: null }],
    password_resets: [{ requested_at: expect.any(String), code_used_at: null, password_set_at: null }],
    calls: [
      {
        call_id: call,
        direction: 'outgoing',
        peer: bob.phoneNumber,
        started_at: '2026-01-31T11:00:00.000Z',
        answered_at: null,
        ended_at: '2026-01-31T11:00:00.000Z',
        outcome: 'no_answer',
        events: [{ at: '2026-01-31T11:00:00.000Z', kind: 'placed' }],
      },
    ],
    pending_mail: [{ kind: 'reset_code', created_at: expect.any(String) }],
  })
  expect(JSON.stringify(exported)).not.toMatch(/argon2|secret/)
})
