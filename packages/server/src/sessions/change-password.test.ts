import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../eventually.testing.js'
import { addUser, outcome, rows, seedUser, type TestNode, testDeployment } from './testing.js'

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
  node.notices.length = 0
})
afterAll(() => deployment.close())

const next = 'betterPassword123'
const newToken = async () => (await node.sessions.login(user.email, user.password)).token
const access = (token: string, where = node) => outcome(where.sessions.access(token))
const login = (password: string) => outcome(node.sessions.login(user.email, password))
const newCode = async () => (await node.resetCodes.issue(user.email))?.code ?? ''
const resetToken = async () => (await node.sessions.verifyResetCode(user.email, await newCode())).token
const reset = (token: string, password = next, email = user.email) =>
  outcome(node.sessions.resetPassword(token, email, password))

describe('a new password', () => {
  test('at registration: the seed’s examples are good for the seed’s user, poor ones are refused', async () => {
    const hashed = await node.sessions.hashNewPassword('SuperSecure', seedUser)
    expect(hashed).toMatch(/^\$argon2id\$/)
    expect(await outcome(node.sessions.hashNewPassword(next, seedUser))).toBe('accepted')
    for (const poor of ['short', 'password1', seedUser.phoneNumber, seedUser.email, 'FirstLast']) {
      expect(await outcome(node.sessions.hashNewPassword(poor, seedUser))).toBe('weak_password')
    }
    await expect(node.sessions.hashNewPassword('x'.repeat(129), seedUser)).rejects.toMatchObject({
      code: 'invalid_request',
      faults: [{ path: '/password' }],
    })
  })

  test('has 15 characters in the strict profile', async () => {
    const strict = await deployment.node({ securityProfile: 'strict' })
    expect(await outcome(strict.sessions.hashNewPassword('SuperSecure', seedUser))).toBe('weak_password')
    expect(await outcome(strict.sessions.hashNewPassword(next, seedUser))).toBe('accepted')
  })
})

describe('changing it by the old one', () => {
  const change = (token: string, current: string, to = next) =>
    node.sessions.access(token).then(who => outcome(node.sessions.changePassword(who, current, to)))

  test('kills every token of the user but the one it was changed with, on every node', async () => {
    const kept = await newToken()
    const renewedBefore = (await node.sessions.renew(await node.sessions.access(kept))).token
    const elsewhere = await newToken()
    for (const token of [kept, renewedBefore, elsewhere]) expect(await access(token, other)).toBe('accepted')
    expect(await change(kept, user.password)).toBe('accepted')

    expect(await access(kept)).toBe('accepted')
    expect(await access(renewedBefore)).toBe('invalid_token')
    expect(await access(elsewhere)).toBe('invalid_token')
    for (const token of [renewedBefore, elsewhere]) {
      await eventually(async () => expect(await access(token, other)).toBe('invalid_token'), {
        timeout: 1_000,
      })
    }
    const renewed = (await other.sessions.renew(await other.sessions.access(kept))).token
    for (const where of [node, other]) expect(await access(renewed, where)).toBe('accepted')
    expect([await login(user.password), await login(next)]).toEqual(['invalid_credentials', 'accepted'])
    expect(node.notices).toEqual([`password_changed to ${user.email}`])
  })

  test('needs the old one and a good new one, and otherwise changes nothing', async () => {
    const [kept, elsewhere] = [await newToken(), await newToken()]
    expect(await change(kept, 'WrongPassword')).toBe('invalid_credentials')
    expect(await change(kept, user.password, 'password1')).toBe('weak_password')
    expect(await change(kept, user.password, 'lone \ud800 surrogate')).toBe('invalid_request')
    for (const token of [kept, elsewhere]) expect(await access(token)).toBe('accepted')
    expect(await login(user.password)).toBe('accepted')
    expect(node.notices).toEqual([])
  })

  test('what cannot be a password is named by its place in the body, by either way', async () => {
    const who = await node.sessions.access(await newToken())
    const fault = { code: 'invalid_request', faults: [{ path: '/new_password' }] }
    const nul = 'nul \0 inside it'
    await expect(node.sessions.changePassword(who, user.password, nul)).rejects.toMatchObject(fault)
    const token = await resetToken()
    await expect(node.sessions.resetPassword(token, user.email, nul)).rejects.toMatchObject(fault)
  })

  test('voids codes and reset tokens', async () => {
    const token = await resetToken()
    const code = await newCode()
    await change(await newToken(), user.password)
    expect(await outcome(node.sessions.verifyResetCode(user.email, code))).toBe('invalid_code')
    expect(await reset(token, 'anotherPassword456')).toBe('invalid_token')
    expect(await login(next)).toBe('accepted')
  })

  test('of two at once, one', async () => {
    const token = await newToken()
    const both = await Promise.all([
      change(token, user.password, `${next}A`),
      change(token, user.password, `${next}B`),
    ])
    expect(both.sort()).toEqual(['accepted', 'invalid_credentials'])
  })
})

describe('resetting it by mail', () => {
  test('ends every login, is noticed by mail, and logs nobody in', async () => {
    const [one, two] = [await newToken(), await newToken()]
    expect(await access(one, other)).toBe('accepted')
    expect(await reset(await resetToken(), next, user.email.toUpperCase())).toBe('accepted')
    for (const token of [one, two]) expect(await access(token)).toBe('invalid_token')
    await eventually(async () => expect(await access(one, other)).toBe('invalid_token'), { timeout: 1_000 })
    expect([await login(user.password), await login(next)]).toEqual(['invalid_credentials', 'accepted'])
    expect(node.notices).toEqual([`password_changed to ${user.email}`])
  })

  test('works once', async () => {
    const token = await resetToken()
    expect(await reset(token)).toBe('accepted')
    expect(await reset(token, 'anotherPassword456')).toBe('invalid_token')
    expect(await login(next)).toBe('accepted')
  })

  test('works once, also for twenty at once', async () => {
    const token = await resetToken()
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => reset(token, `betterPassword${index}`)),
    )
    expect(outcomes.filter(each => each === 'accepted')).toHaveLength(1)
    expect(outcomes.filter(each => each === 'invalid_token')).toHaveLength(19)
    expect(await login(`betterPassword${outcomes.indexOf('accepted')}`)).toBe('accepted')
  })

  test('another’s email, a poor password and one that is none leave the token as it was', async () => {
    const token = await resetToken()
    const stranger = await addUser(node)
    expect(await reset(token, next, stranger.email)).toBe('wrong_account')
    expect(await reset(token, next, 'nobody@domain.yup')).toBe('wrong_account')
    expect(await reset(token, 'password1')).toBe('weak_password')
    expect(await reset(token, user.email)).toBe('weak_password')
    expect(await reset(token, 'x'.repeat(129))).toBe('invalid_request')
    expect(await reset(token)).toBe('accepted')
  })

  test('voids the codes and tokens beside it', async () => {
    const [first, second] = [await resetToken(), await resetToken()]
    const code = await newCode()
    expect(await reset(second)).toBe('accepted')
    expect(await reset(first)).toBe('invalid_token')
    expect(await outcome(node.sessions.verifyResetCode(user.email, code))).toBe('invalid_code')
  })

  test('after ten minutes, for a disabled or a deleted user the token is dead', async () => {
    const later = await deployment.node()
    const token = await resetToken()
    later.clock.advance(601_000)
    expect(await outcome(later.sessions.resetPassword(token, user.email, next))).toBe('invalid_token')

    await node.control.disable(user.id)
    expect(await reset(token)).toBe('invalid_token')
    await rows(node, 'delete from users where id = $1', [user.id])
    expect(await reset(token)).toBe('invalid_token')
  })

  test('a wish for a code is handed to the mail as it was typed', async () => {
    await node.sessions.requestReset('SomeBody@Domain.yup')
    expect(node.wishes).toEqual(['SomeBody@Domain.yup'])
  })
})
