import { hash } from '@node-rs/argon2'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { addUser, outcome, rows, type TestNode, testDeployment } from './testing.js'

let deployment: Awaited<ReturnType<typeof testDeployment>>
let node: TestNode
beforeAll(async () => {
  deployment = await testDeployment()
  node = await deployment.node()
})
afterAll(() => deployment.close())

const login = (email: string, password: string) => outcome(node.sessions.login(email, password))

describe('logging in', () => {
  test('with the email in any case and Unicode form gives a token for a day', async () => {
    const user = await addUser(node, { email: 'Zo\u00eb.Nice@domain.yup' })
    const { token, expiresAt } = await node.sessions.login(' zoe\u0308.nice@DOMAIN.yup ', user.password)
    expect((expiresAt.getTime() - Date.now()) / 1_000).toBeCloseTo(86_400, -1)
    expect(await node.sessions.access(token)).toMatchObject({ userId: user.id })
  })

  test('a password typed in another Unicode form is the same password', async () => {
    const user = await addUser(node, { password: 'caf\u00e9 noir au lait' })
    expect(await login(user.email, 'cafe\u0301 noir au lait')).toBe('accepted')
  })

  test('wrong, unknown, disabled and impossible are one answer', async () => {
    const user = await addUser(node)
    const disabled = await addUser(node)
    await node.control.disable(disabled.id)
    const tries: [string, string][] = [
      [user.email, 'SuperSecurf'],
      [user.email, 'SuperSecure '],
      [user.email, ''],
      [user.email, 'nul \0 inside'],
      [user.email, 'x'.repeat(1_024)],
      ['nobody@domain.yup', user.password],
      ['nul\0@domain.yup', user.password],
      [disabled.email, disabled.password],
    ]
    for (const [email, password] of tries) expect(await login(email, password)).toBe('invalid_credentials')
    await node.control.enable(disabled.id)
    expect(await login(disabled.email, disabled.password)).toBe('accepted')
  })

  test('a hash is computed for nobody as well, and costs what a real one does', async () => {
    const user = await addUser(node)
    const disabled = await addUser(node)
    await node.control.disable(disabled.id)
    const verify = vi.spyOn(node.hashing, 'verify')
    const costs: string[] = []
    for (const email of [user.email, disabled.email, 'nobody@domain.yup', 'nul\0@domain.yup']) {
      await login(email, 'WrongPassword')
      costs.push(...verify.mock.calls.map(([hashed]) => hashed.split('$').slice(1, 4).join(' ')))
      verify.mockClear()
    }
    verify.mockRestore()
    expect(costs).toEqual(Array(4).fill('argon2id v=19 m=19456,t=2,p=1'))
  })

  test('a hash made with less is made anew, also when two log in at once', async () => {
    const user = await addUser(node)
    const weak = await hash(user.password, { memoryCost: 8_192 })
    await rows(node, 'update users set password_hash = $2 where id = $1', [user.id, weak])
    const both = [login(user.email, user.password), login(user.email, user.password)]
    expect(await Promise.all(both)).toEqual(['accepted', 'accepted'])
    const [stored] = await rows<{ hash: string }>(
      node,
      'select password_hash as hash from users where id = $1',
      [user.id],
    )
    expect(stored?.hash).toContain('$m=19456,t=2,p=1$')
    expect(await login(user.email, user.password)).toBe('accepted')
  })

  test('logins that ended long ago are cleared away', async () => {
    const user = await addUser(node)
    const { token } = await node.sessions.login(user.email, user.password)
    await node.sessions.logout(await node.sessions.access(token))
    await rows(node, `update logins set ended_at = now() - interval '25 hours' where user_id = $1`, [user.id])
    await node.sessions.login(user.email, user.password)
    expect(await rows(node, 'select id from logins where user_id = $1', [user.id])).toHaveLength(1)
  })

  test('no login slips past a change of password', async () => {
    const user = await addUser(node)
    const { token } = await node.sessions.login(user.email, user.password)
    const access = await node.sessions.access(token)
    const logins = Array.from({ length: 12 }, () =>
      node.sessions.login(user.email, user.password).catch(() => undefined),
    )
    await node.sessions.changePassword(access, user.password, 'betterPassword123')
    const issued = (await Promise.all(logins)).filter(login => login !== undefined)
    for (const { token: old } of issued) {
      expect(await outcome(node.sessions.access(old))).toBe('invalid_token')
    }
    expect(await outcome(node.sessions.access(token))).toBe('accepted')
  })
})

test('a password is confirmed or not', async () => {
  const user = await addUser(node)
  expect(await outcome(node.sessions.confirmPassword(user.id, user.password))).toBe('accepted')
  expect(await outcome(node.sessions.confirmPassword(user.id, 'SuperSecurf'))).toBe('invalid_credentials')
})
