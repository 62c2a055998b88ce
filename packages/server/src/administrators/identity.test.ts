import { expect, onTestFinished, test } from 'vitest'
import { limits } from '../limits.js'
import { dummyHash } from '../sessions/hashing.js'
import { outcome, rows } from '../sessions/testing.js'
import { testDatabase } from '../storage/testing.js'
import { here, identityWorld } from './testing.js'
import { codeAt } from './totp.js'

const password = 'a word for this one alone'

async function world(options: { strict?: boolean } = {}) {
  const { database, close } = await testDatabase()
  onTestFinished(close)
  const made = identityWorld(database)
  const identity = made.node(options)
  const { accounts, signIn, sessions } = identity
  const enter = async (name: string) => (await signIn.byPassword(name, password, here, () => undefined)).token
  const roleOf = async (token: string) => (await sessions.find(token))?.administrator.role
  return { database, identity, accounts, signIn, sessions, enter, roleOf, ...made }
}

test('a session ends when nothing was asked for half an hour, and after half a day in any case', async () => {
  const { accounts, enter, sessions, clock } = await world()
  await accounts.create('Ada', 'owner', password)
  const idle = await enter('Ada')
  clock.advance(limits.adminIdleMs - 1_000)
  expect(await sessions.find(idle)).toBeDefined() // a sign of life
  clock.advance(limits.adminIdleMs - 1_000)
  expect(await sessions.find(idle)).toBeDefined()
  clock.advance(limits.adminIdleMs + 1_000)
  expect(await sessions.find(idle)).toBeUndefined()

  const busy = await enter('Ada')
  for (let passed = 0; passed < limits.adminSessionMs - 60_000; passed += 20 * 60_000) {
    expect(await sessions.find(busy)).toBeDefined()
    clock.advance(20 * 60_000)
  }
  expect(await sessions.find(busy)).toBeUndefined()
})

test('of very many browsers the oldest are signed out', async () => {
  const { accounts, enter, sessions, clock } = await world()
  const id = await accounts.create('Ada', 'owner', password)
  const first = await enter('Ada')
  clock.advance(1_000)
  for (let more = 0; more < limits.adminSessionsMost; more += 1) await sessions.begin(id, false)
  expect(await sessions.find(first)).toBeUndefined()
})

test('what is done to somebody on one node holds on another with the next request', async () => {
  const { accounts, enter, node, roleOf } = await world()
  await accounts.create('Ada', 'owner', password)
  const id = await accounts.create('Bo', 'viewer', password)
  const token = await enter('Bo')
  const elsewhere = node()
  expect(await roleOf(token)).toBe('viewer')
  await elsewhere.accounts.setRole(id, 'operator')
  expect(await roleOf(token)).toBe('operator')
  await elsewhere.accounts.disable(id)
  expect(await roleOf(token)).toBeUndefined()
  expect(await outcome(enter('Bo'))).toBe('invalid_credentials')
  await elsewhere.accounts.enable(id)
  expect(await roleOf(await enter('Bo'))).toBe('operator')
  await elsewhere.accounts.remove(id)
  expect(await outcome(enter('Bo'))).toBe('invalid_credentials')
  expect(await outcome(elsewhere.accounts.enable(id))).toBe('administrator_not_found')
  await accounts.create('Bo', 'viewer', password) // the name is free again
})

test('one owner stays: of two who lower each other at once one does not succeed', async () => {
  const { accounts, node } = await world()
  const [one, other] = [
    await accounts.create('Ada', 'owner', password),
    await accounts.create('Bo', 'owner', password),
  ]
  await accounts.invite('Cy', 'owner') // who has not come yet is no owner to count on
  const outcomes = await Promise.all([
    outcome(accounts.setRole(one, 'viewer')),
    outcome(node().accounts.setRole(other, 'operator')),
  ])
  expect(outcomes.sort()).toEqual(['accepted', 'last_owner'])
  const [last] = (await accounts.list()).filter(({ role, isInvited }) => role === 'owner' && !isInvited)
  const id = last?.id ?? ''
  for (const act of [accounts.disable, accounts.remove, accounts.reset])
    expect(await outcome(act(id))).toBe('last_owner')
  expect(await outcome(accounts.resetAnybody(id))).toBe('accepted')
})

test('an unknown, an invited and a disabled name cost the same work as a wrong password', async () => {
  const { accounts, signIn, verified } = await world()
  await accounts.create('Ada', 'owner', password)
  await accounts.invite('Bo', 'viewer')
  await accounts.disable(await accounts.create('Cy', 'viewer', password))
  for (const name of ['Ada', 'Bo', 'Cy', 'Nobody', 'Nu\0l']) {
    const refused = await signIn
      .byPassword(name, 'correct horse', here, () => undefined)
      .catch(error => error)
    expect([refused.code, refused.message]).toEqual(['invalid_credentials', 'Wrong name or password'])
  }
  expect(verified).toHaveLength(5)
  expect(verified.slice(1)).toEqual(Array(4).fill(dummyHash))
})

test('guesses are slowed down, of passwords and of codes', async () => {
  const { accounts, signIn, sessions, database } = await world()
  const id = await accounts.create('Ada', 'owner', password)
  const guess = () => outcome(signIn.byPassword('ada', 'correct horse', here, () => undefined))
  const codes = async () => {
    const token = await sessions.begin(id, true)
    return outcome(signIn.byTotp({ administratorId: id, token }, '000000', here))
  }
  await rows({ database }, `update administrators set totp_secret = '\\x00'`)
  for (const attempt of [guess, codes]) {
    const outcomes: string[] = []
    for (let count = 0; count < limits.rates.failedLogins.free + 1; count += 1) outcomes.push(await attempt())
    expect(outcomes.at(-2)).toBe('invalid_credentials')
    expect(outcomes.at(-1)).toBe('too_many_attempts')
  }
})

test('a link and what is half done are good for their time', async () => {
  const { accounts, sessions, clock, identity } = await world()
  const { token, id } = await accounts.invite('Bo', 'viewer')
  const half = await sessions.begin(id, true)
  clock.advance(limits.adminSecondFactorMs + 1_000)
  expect(await sessions.find(half)).toBeUndefined()
  clock.advance(limits.invitationMs)
  expect(await outcome(accounts.accept(token, undefined, password))).toBe('link_spent')
  const first = identity.firstLink.make()
  expect(identity.firstLink.isGood(first)).toBe(true)
  expect(identity.firstLink.isGood(token)).toBe(false)
  clock.advance(limits.firstAdministratorMs)
  expect(identity.firstLink.isGood(first)).toBe(false)
})

test('a code of the app is good once, on every node, and once it is on nobody goes on without', async () => {
  const { accounts, enter, identity, node, clock, sessions } = await world({ strict: true })
  const id = await accounts.create('Ada', 'owner', password)
  const token = await enter('Ada')
  expect((await sessions.find(token))?.needs).toBe('second_factor_setup')
  const { uri } = await identity.own.beginTotp(id, password, here)
  const secret = fromBase32(new URL(uri).searchParams.get('secret') ?? '')
  const code = (ahead: number) => codeAt(secret, Math.floor(clock.wall() / limits.totpStepMs) + ahead)
  expect(await outcome(identity.own.confirmTotp(id, code(5), here))).toBe('invalid_code')
  await identity.own.confirmTotp(id, code(0), here)
  expect((await sessions.find(token))?.needs).toBe('nothing')
  const half = { administratorId: id, token: await enter('Ada') }
  expect((await sessions.find(half.token))?.awaits).toEqual(['totp', 'recovery_code'])
  const right = code(1)
  const outcomes = await Promise.all(
    [identity, node()].map(each => outcome(each.signIn.byTotp(half, right, here))),
  )
  expect(outcomes.sort()).toEqual(['accepted', 'invalid_credentials'])
})

test('the audit log takes rows and lets none be changed or deleted, whoever asks', async () => {
  const { identity, database, logged } = await world()
  const act = { act: 'user.disable', subject: { kind: 'user', id: '0192f3a4-0000-7000-8000-000000000001' } }
  await identity.audit.record({ ...act, detail: { note: 'x' }, address: '192.0.2.1' })
  for (const statement of ["update audit_log set act = 'nothing'", 'delete from audit_log'])
    await expect(rows({ database }, statement)).rejects.toThrow('the audit log is only ever added to')
  const { entries, next } = await identity.audit.page({})
  expect(entries).toMatchObject([
    { ...act, administrator: null, detail: { note: 'x' }, address: '192.0.2.1' },
  ])
  expect(next).toBeNull()
  expect(logged.join('')).toContain('user.disable')
  expect(logged.join('')).not.toContain('192.0.2.1')
})

test('the audit log is read by pages, by administrator and by act', async () => {
  const { identity, accounts } = await world()
  const ada = await accounts.create('Ada', 'owner', password)
  for (let count = 0; count < limits.auditPage + 5; count += 1) {
    await identity.audit.record({
      act: count % 5 === 0 ? 'rare' : 'usual',
      ...(count % 2 === 0 && { administratorId: ada }),
    })
  }
  const first = await identity.audit.page({})
  expect(first.entries).toHaveLength(limits.auditPage)
  const second = await identity.audit.page({ cursor: first.next ?? '' })
  expect([second.entries.length, second.next]).toEqual([5, null])
  expect(new Set([...first.entries, ...second.entries].map(({ id }) => id)).size).toBe(limits.auditPage + 5)
  expect((await identity.audit.page({ act: 'rare' })).entries).toHaveLength(21)
  expect((await identity.audit.page({ administrator: ada })).entries).toHaveLength(53)
  expect((await identity.audit.page({ administrator: ada, act: 'rare' })).entries).toHaveLength(11)
  await accounts.create('Bo', 'owner', password)
  await accounts.remove(ada)
  expect((await identity.audit.page({ administrator: ada })).entries[0]?.administrator?.name).toBe('Ada')
})

function fromBase32(text: string): Buffer {
  const bits = [...text].map(char =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'),
  )
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)))
}
