import type { UserId } from '@switchboard/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertPastCall } from '../../directory/testing.js'
import { type RestWorld, restWorld } from '../testing.js'

let world: RestWorld
const present = new Set<UserId>()
beforeAll(async () => {
  world = await restWorld({
    presence: { standing: async id => ({ reachable: present.has(id), inCall: false }) },
    turnCredentials: (_, callId) => ({
      iceServers: [{ urls: ['turn:turn.example'], username: `1:${callId ?? 'x'}`, credential: 'c' }],
      ttlSeconds: 3_600,
    }),
  })
})
afterAll(() => world.close())

const idOf = async (token: string) => (await world.node.sessions.access(token)).userId

test('the history comes in pages, as the contract names its fields', async () => {
  const { ask, database } = world
  const [ada, bob] = [await world.person(), await world.person()]
  const [caller, callee] = [await idOf(ada.token), await idOf(bob.token)]
  const ids = []
  for (const answered of [true, false]) {
    const numbers = { callerNumber: ada.phone_number, calleeNumber: bob.phone_number }
    ids.unshift(await insertPastCall(database, { caller, callee, ...numbers, answered }))
  }
  const first = await ask('GET', '/get_call_history?limit=1', {}, bob.token)
  expect([first.status, first.body]).toEqual([
    200,
    {
      calls: [
        {
          call_id: ids[0],
          direction: 'incoming',
          peer: ada.phone_number,
          started_at: '2026-01-31T11:00:00.000Z',
          answered_at: null,
          ended_at: '2026-01-31T11:00:00.000Z',
          outcome: 'no_answer',
        },
      ],
      next_cursor: expect.stringMatching(/^[\w-]{22}$/),
    },
  ])
  const second = await ask('GET', `/get_call_history?cursor=${first.body.next_cursor}`, {}, bob.token)
  expect(second.body).toMatchObject({ calls: [{ call_id: ids[1], outcome: 'answered' }], next_cursor: null })
})

test('presence is told of mutual contacts alone', async () => {
  const { ask } = world
  const [ada, bob, eve] = [await world.person(), await world.person(), await world.person()]
  for (const token of [bob.token, eve.token]) present.add(await idOf(token))
  await ask('POST', '/add_contact', { contact_phonenumber: bob.phone_number }, ada.token)
  await ask('POST', '/add_contact', { contact_phonenumber: eve.phone_number }, ada.token)
  await ask('POST', '/add_contact', { contact_phonenumber: ada.phone_number }, bob.token)
  const { status, body } = await ask('GET', '/get_presence', undefined, ada.token)
  expect([status, body]).toEqual([
    200,
    { presence: [{ phone_number: bob.phone_number, reachable: true, in_call: false }] },
  ])
})

test('ICE servers come with their credentials', async () => {
  const { token } = await world.person()
  const { status, body } = await world.ask('GET', '/get_turn_credentials', undefined, token)
  expect([status, body]).toEqual([
    200,
    { ice_servers: [{ urls: ['turn:turn.example'], username: '1:x', credential: 'c' }], ttl: 3_600 },
  ])
})

test('for a call that lives they are bound to it, for no other', async () => {
  const { ask, database } = world
  const [ada, bob, eve] = [await world.person(), await world.person(), await world.person()]
  const [caller, callee] = [await idOf(ada.token), await idOf(bob.token)]
  const parties = { caller, callee, callerNumber: ada.phone_number, calleeNumber: bob.phone_number }
  const over = await insertPastCall(database, { ...parties, answered: true })
  const call = await insertPastCall(database, { ...parties, state: 'established' })
  const bound = (callId: string, token: string) =>
    ask('GET', `/get_turn_credentials?call_id=${callId}`, undefined, token)
  for (const { token } of [ada, bob]) {
    expect((await bound(call, token)).body.ice_servers).toMatchObject([{ username: `1:${call}` }])
    expect(await bound(over, token)).toMatchObject({ status: 404, body: { code: 'no_call' } })
  }
  expect(await bound(call, eve.token)).toMatchObject({ status: 404, body: { code: 'no_call' } })
  expect((await bound('x'.repeat(65), ada.token)).status).toBe(400)
})

test('the export is whole on the wire', async () => {
  const { token, email } = await world.person()
  const { status, body } = await world.ask('GET', '/export_user', undefined, token)
  expect(status).toBe(200)
  expect(body).toMatchObject({ profile: { email }, contacts: [], blocked: [], calls: [], pending_mail: [] })
  expect(body.logins).toHaveLength(1)
})
