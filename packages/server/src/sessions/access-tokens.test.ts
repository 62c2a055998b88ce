import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { eventually } from '../eventually.testing.js'
import { loginEnd } from './access-tokens.js'
import { createLoginMemory } from './login-memory.js'
import type { LoginState } from './stores.js'
import { addUser, movableClock, outcome, rows, type TestNode, testDeployment } from './testing.js'

let deployment: Awaited<ReturnType<typeof testDeployment>>
let node: TestNode
let other: TestNode
let user: Awaited<ReturnType<typeof addUser>>
beforeAll(async () => {
  deployment = await testDeployment()
  node = await deployment.node()
  other = await deployment.node()
  await Promise.all([node.events.start(), other.events.start()])
})
beforeEach(async () => {
  user = await addUser(node)
})
afterAll(() => deployment.close())

const newToken = async () => (await node.sessions.login(user.email, user.password)).token
const access = (token: string, where = node) => outcome(where.sessions.access(token))
const dead = (token: string, where: TestNode) =>
  eventually(async () => expect(await access(token, where)).toBe('invalid_token'), { timeout: 1_000 })

describe('a login ends on every node within a second', () => {
  test('by logout, that login alone', async () => {
    const [one, two] = [await newToken(), await newToken()]
    for (const where of [node, other]) expect(await access(one, where)).toBe('accepted')
    await node.sessions.logout(await node.sessions.access(one))
    expect(await access(one)).toBe('invalid_token')
    await dead(one, other)
    for (const where of [node, other]) expect(await access(two, where)).toBe('accepted')
  })

  test('by logout everywhere, and a login right after it lives', async () => {
    const tokens = [await newToken(), await newToken()]
    for (const token of tokens) expect(await access(token, other)).toBe('accepted')
    const heard: unknown[] = []
    const unsubscribe = other.events.subscribe(event => heard.push(event))
    await node.sessions.logoutEverywhere(user.id)
    const fresh = await other.sessions.login(user.email, user.password)
    const { loginId } = await other.sessions.access(fresh.token)
    for (const token of tokens) {
      expect(await access(token)).toBe('invalid_token')
      await dead(token, other)
    }
    expect(heard).toHaveLength(2)
    for (const event of heard) expect(event).not.toMatchObject({ loginId })
    expect(await access(fresh.token, other)).toBe('accepted')
    unsubscribe()
  })

  test('by disabling the user, and enabling does not bring it back', async () => {
    const token = await newToken()
    expect(await access(token, other)).toBe('accepted')
    expect(await node.control.disable(user.id)).toBe(true)
    expect(await node.control.disable(user.id)).toBe(false)
    expect(await access(token)).toBe('invalid_token')
    await dead(token, other)
    expect(await node.control.enable(user.id)).toBe(true)
    expect(await access(token)).toBe('invalid_token')
    expect(await node.control.disable(node.newId() as typeof user.id)).toBe(false)
  })

  test('by deleting the user, and by time', async () => {
    const [deleted, expired] = [await newToken(), await newToken()]
    await rows(
      node,
      `update logins set created_at = now() - interval '2 days',
      expires_at = now() - interval '1 day' where id = $1`,
      [(await other.sessions.access(expired)).loginId],
    )
    expect(await access(expired)).toBe('invalid_token')
    await rows(node, 'delete from users where id = $1', [user.id])
    expect(await access(deleted)).toBe('invalid_token')
  })
})

test('renewing moves the end of the login on and leaves the old token alive', async () => {
  const token = await newToken()
  const before = await node.sessions.access(token)
  await rows(node, `update logins set expires_at = now() + interval '1 hour' where id = $1`, [before.loginId])
  const renewed = await node.sessions.renew(before)
  const after = await node.sessions.access(renewed.token)
  expect(after.expiresAt).toEqual(renewed.expiresAt)
  expect(Math.abs(renewed.expiresAt.getTime() - Date.now() - 86_400_000)).toBeLessThan(10_000)
  expect(after).toMatchObject({ userId: before.userId, loginId: before.loginId })
  expect(after.tokenId).not.toBe(before.tokenId)
  expect(await access(token)).toBe('accepted')
  const [login] = await rows<{ days: number }>(
    node,
    `select extract(day from expires_at - now())::int as days from logins where id = $1`,
    [before.loginId],
  )
  expect(login?.days).toBe(29)
  await node.sessions.logout(before)
  expect(await outcome(node.sessions.renew(before))).toBe('invalid_token')
})

test('a login lives for thirty days of silence, or as long as its newest token where that is longer', () => {
  const days = (count: number) => count * 86_400
  expect(loginEnd(1_000, { securityProfile: 'standard', tokenTtlSeconds: days(1) })).toEqual(
    new Date(1_000 + days(30) * 1_000),
  )
  expect(loginEnd(1_000, { securityProfile: 'standard', tokenTtlSeconds: days(60) })).toEqual(
    new Date(1_000 + days(60) * 1_000),
  )
})

test('a remembered login costs no query, and without the database what is not remembered is refused', async () => {
  const known = await newToken()
  await node.sessions.access(known)
  const unknown = await newToken()
  const query = vi.spyOn(node.database, 'query')
  expect(await access(known)).toBe('accepted')
  expect(query.mock.calls.filter(([{ name }]) => name === 'logins.find')).toEqual([])
  const away = Object.assign(new Error('away'), { name: 'DatabaseUnavailable' })
  query.mockImplementation(() => Promise.reject(away))
  await expect(node.sessions.access(unknown)).rejects.toMatchObject({
    code: 'service_unavailable',
    retryAfterSeconds: 1,
  })
  query.mockRestore()
  expect(await access(unknown)).toBe('accepted')
})

describe('what is remembered of logins', () => {
  const state = (userId: string): LoginState => ({
    userId: userId as LoginState['userId'],
    phoneNumber: '123' as LoginState['phoneNumber'],
    expiresAt: new Date(Date.now() + 3_600_000),
    generation: 0,
    keptToken: null,
  })
  const loginId = 'login' as Parameters<ReturnType<typeof createLoginMemory>['find']>[0]
  const userId = 'user' as LoginState['userId']
  const ended = { kind: 'logins_ended', userId, loginId, reason: 'logout' } as const

  test('is read once for all who ask at the same time', async () => {
    const read = vi.fn(async () => state('user'))
    const memory = createLoginMemory({ read, isCurrent: () => true, clock: movableClock() })
    await Promise.all([memory.find(loginId), memory.find(loginId), memory.find(loginId)])
    await memory.find(loginId)
    expect(read).toHaveBeenCalledOnce()
  })

  test('is not what was read before an event and arrived after it', async () => {
    let answer = (_state: LoginState | undefined) => {}
    const read = vi.fn(() => new Promise<LoginState | undefined>(resolve => (answer = resolve)))
    const memory = createLoginMemory({ read, isCurrent: () => true, clock: movableClock() })
    const early = memory.find(loginId)
    const answerEarly = answer
    memory.forget(ended)
    const late = memory.find(loginId)
    answerEarly(state('user'))
    answer(undefined)
    expect(await early).toBeDefined()
    expect(await late).toBeUndefined()
    const after = memory.find(loginId)
    answer(undefined)
    expect(await after).toBeUndefined()
    expect(read).toHaveBeenCalledTimes(3)
  })

  test('is not of now, nor is what was read while anything happened', async () => {
    let answer = (_state: LoginState | undefined) => {}
    const read = vi.fn(() => new Promise<LoginState | undefined>(resolve => (answer = resolve)))
    const memory = createLoginMemory({ read, isCurrent: () => true, clock: movableClock() })
    const overtaken = memory.find(loginId)
    memory.forget({ kind: 'profile_changed', userId })
    answer(state('user'))
    expect(await overtaken).toMatchObject({ isOfNow: false })
    const first = memory.find(loginId)
    answer(state('user'))
    expect(await first).toMatchObject({ isOfNow: true })
    expect(await memory.find(loginId)).toMatchObject({ isOfNow: false })
  })

  test('is forgotten of the login that ended, or of all of its user, and of nobody else', async () => {
    const users = { one: 'user', two: 'user', three: 'somebody else' }
    type Name = keyof typeof users
    const reads = { one: 0, two: 0, three: 0 }
    const read = async (id: string) => {
      reads[id as Name] += 1
      return state(users[id as Name])
    }
    const memory = createLoginMemory({ read, isCurrent: () => true, clock: movableClock() })
    const findAll = async () => {
      for (const id of Object.keys(users)) await memory.find(id as typeof loginId)
      return { ...reads }
    }
    expect(await findAll()).toEqual({ one: 1, two: 1, three: 1 })
    memory.forget({ ...ended, loginId: 'one' as typeof loginId })
    expect(await findAll()).toEqual({ one: 2, two: 1, three: 1 })
    memory.forget({ kind: 'logins_ended', userId, reason: 'password_changed' })
    expect(await findAll()).toEqual({ one: 3, two: 2, three: 1 })
  })

  test('is asked for again after a minute, and whenever events may have been missed', async () => {
    const clock = movableClock()
    let current = true
    const read = vi.fn(async () => state('user'))
    const memory = createLoginMemory({ read, isCurrent: () => current, clock })
    await memory.find(loginId)
    clock.advance(60_000)
    await memory.find(loginId)
    expect(read).toHaveBeenCalledTimes(2)
    current = false
    await memory.find(loginId)
    expect(read).toHaveBeenCalledTimes(3)
    clock.advance(3_600_000)
    expect(await memory.find(loginId)).toBeUndefined() // it has expired meanwhile
  })
})
