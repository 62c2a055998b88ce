import type { AuditView, InvitationView, TotpView } from '@switchboard/protocol/admin'
import { describe, expect, test } from 'vitest'
import { running } from '../running.js'
import { switchboard } from '../trust/operator.js'
import { createAdministrator, panelClient, signedIn, totpCode } from './panel-client.js'

const product = running()
const nobody = () => panelClient(product)
let made = 0
const newName = () => `Ada ${++made}`

const newest = async (owner: Awaited<ReturnType<typeof signedIn>>, act: string) => {
  const { body } = await owner.client.get(`/api/audit?act=${act}`)
  return (body as unknown as AuditView).entries[0]
}

test('before there is an administrator it says so, lets nobody in, and logs no link', async () => {
  const { status, body } = await nobody().get('/api/session')
  expect([status, body.next]).toEqual([401, 'first_administrator'])
  const refused = await nobody().post('/api/first_administrator', {
    ...{ token: 'a'.repeat(43), name: 'Eve', password: 'correct horse battery' },
  })
  expect([refused.status, refused.code]).toEqual([410, 'link_spent'])
  expect(product.logs()).toContain('switchboard admin create')
  expect(product.logs()).not.toContain('/welcome')
})

describe('signing in', () => {
  test('by name and password, with a cookie that only this host and no script gets', async () => {
    const { name, password } = await createAdministrator(product, newName())
    product.secret(password)
    const client = nobody()
    const answer = await client.signIn(` ${name.toUpperCase()} `, password)
    expect([answer.status, answer.body]).toEqual([200, { next: 'done', methods: [] }])
    const [cookie = ''] = answer.headers['set-cookie'] ?? []
    expect(cookie).toMatch(/^__Host-switchboard-admin=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/)
    product.secret(cookie.slice(cookie.indexOf('=') + 1, cookie.indexOf(';')))
    const session = await client.session()
    product.secret(session.csrfToken)
    expect(session).toMatchObject({
      ...{ administrator: { name, role: 'owner' }, needs: 'nothing', brand: 'Switchboard' },
      secondFactors: { totp: false, recoveryCodesLeft: 0, passkeys: [] },
    })
    const copy = client.copy()
    expect((await client.post('/api/sign_out')).status).toBe(204)
    expect(client.cookie()).toBeUndefined()
    expect((await copy.get('/api/session')).status).toBe(401)
  })

  test('a wrong name and a wrong password are answered alike, and both are told of', async () => {
    const owner = await signedIn(product, newName())
    const wrongPassword = await nobody().signIn(owner.name, 'correct horse battery')
    expect((await newest(owner, 'sign_in.password'))?.administrator).toEqual({
      id: owner.id,
      name: owner.name,
    })
    const wrongName = await nobody().signIn('Nobody at all', 'correct horse battery')
    expect([wrongName.status, wrongName.code]).toEqual([401, 'invalid_credentials'])
    expect(wrongName.text).toBe(wrongPassword.text)
    expect(await newest(owner, 'sign_in.password')).toMatchObject({
      ...{ administrator: null, detail: { refused: 'invalid_credentials' }, address: '127.0.0.1' },
    })
  })

  test('from another page it is refused, whatever is in the cookie', async () => {
    const { name, password, client } = await signedIn(product, newName())
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'http://127.0.0.1:1' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const signIn = await nobody().post('/api/sign_in', { name, password }, headers)
      const invite = await client.post('/api/administrators', { name: 'Eve', role: 'owner' }, headers)
      for (const { status, code } of [signIn, invite]) expect([status, code]).toEqual([403, 'csrf_refused'])
    }
    const blind = client.copy() // has the cookie and not the token
    expect((await blind.post('/api/administrators', { name: 'Eve', role: 'owner' })).code).toBe(
      'csrf_refused',
    )
  })
})

describe('second factors', () => {
  test('an app: in force once a code of it was given, a code good once, and recovery codes', async () => {
    const { name, password, client } = await signedIn(product, newName())
    product.secret(password)
    expect((await client.post('/api/own/totp', { password: 'correct horse battery' })).code).toBe(
      'wrong_password',
    )
    const { secret, uri, qrSvg } = (await client.post('/api/own/totp', { password }))
      .body as unknown as TotpView
    product.secret(secret)
    expect(uri).toContain(`secret=${secret}`)
    expect(qrSvg).toMatch(/^<svg [^>]*>.*<\/svg>$/s)
    expect((await client.post('/api/own/totp/confirm', { code: '000000' })).code).toBe('invalid_code')
    expect((await nobody().signIn(name, password)).body).toMatchObject({ next: 'done' })

    const spent = totpCode(secret, 1)
    const confirmed = await client.post('/api/own/totp/confirm', { code: spent })
    const { recoveryCodes } = confirmed.body as { recoveryCodes: string[] }
    expect(new Set(recoveryCodes).size).toBe(10)
    expect((await client.session()).secondFactors).toMatchObject({ totp: true, recoveryCodesLeft: 10 })

    const browser = nobody()
    expect((await browser.signIn(name, password)).body).toEqual({
      next: 'second_factor',
      methods: ['totp', 'recovery_code'],
    })
    const half = browser.copy()
    expect((await browser.get('/api/session')).body).toMatchObject({ next: 'second_factor' })
    expect((await browser.get('/api/administrators')).status).toBe(401)
    expect((await browser.post('/api/sign_in/totp', { code: spent })).status).toBe(401)
    const code = totpCode(secret)
    expect((await browser.post('/api/sign_in/totp', { code })).body).toMatchObject({ next: 'done' })
    expect((await browser.session()).administrator.name).toBe(name)
    expect((await half.get('/api/session')).body).toMatchObject({ next: 'sign_in' })

    const replay = nobody()
    await replay.signIn(name, password)
    expect((await replay.post('/api/sign_in/totp', { code })).code).toBe('invalid_credentials')
    const [first = '', second = ''] = recoveryCodes
    product.secret(first)
    expect((await replay.post('/api/sign_in/recovery_code', { code: first.toUpperCase() })).status).toBe(200)
    await replay.signIn(name, password)
    expect((await replay.post('/api/sign_in/recovery_code', { code: first })).status).toBe(401)
    expect((await replay.post('/api/sign_in/recovery_code', { code: second.replace('-', ' ') })).status).toBe(
      200,
    )
    const session = await replay.session()
    expect(session.secondFactors.recoveryCodesLeft).toBe(8)
    expect((await replay.post('/api/own/recovery_codes', { password })).body.recoveryCodes).toHaveLength(10)
    expect((await replay.post('/api/own/totp/remove', { password })).status).toBe(204)
    expect((await nobody().signIn(name, password)).body).toMatchObject({ next: 'done' })
  })
})

test('a new password ends every session but the one that chose it', async () => {
  const { name, password, client } = await signedIn(product, newName())
  const other = nobody()
  await other.signIn(name, password)
  const before = client.copy()
  for (const [newPassword, code] of [
    ['short', 'weak_password'],
    ['password1234', 'weak_password'],
    [name, 'weak_password'],
  ])
    expect((await client.post('/api/own/password', { password, newPassword })).code).toBe(code)
  const newPassword = 'a good deal better than that'
  product.secret(newPassword)
  expect((await client.post('/api/own/password', { password, newPassword })).status).toBe(204)
  expect((await client.get('/api/session')).status).toBe(200)
  for (const ended of [other, before]) expect((await ended.get('/api/session')).status).toBe(401)
  expect((await nobody().signIn(name, password)).status).toBe(401)
  expect((await nobody().signIn(name, newPassword)).status).toBe(200)
})

describe('administrators', () => {
  test('are invited by a link that is good once, and what is done to them holds at once', async () => {
    const owner = await signedIn(product, newName())
    const name = newName()
    const { id, invitation } = (await owner.client.post('/api/administrators', { name, role: 'viewer' }))
      .body as unknown as InvitationView
    const token = invitation.replace('/invitation#', '')
    product.secret(token)
    expect(
      (await owner.client.post('/api/administrators', { name: name.toLowerCase(), role: 'viewer' })).code,
    ).toBe('name_taken')
    const password = 'a word for this one alone'
    const guest = nobody()
    expect((await guest.signIn(name, password)).status).toBe(401)
    expect((await guest.post('/api/invitation', { token, password })).status).toBe(200)
    expect((await newest(owner, 'administrator.accept'))?.subject).toEqual({ kind: 'administrator', id })
    expect((await nobody().post('/api/invitation', { token, password })).code).toBe('link_spent')
    await guest.session()
    expect((await guest.get('/api/administrators')).code).toBe('role_too_low')
    expect((await owner.client.post(`/api/administrators/${id}/role`, { role: 'owner' })).status).toBe(204)
    expect((await guest.get('/api/administrators')).status).toBe(200)
    expect((await owner.client.post(`/api/administrators/${id}/role`, { role: 'viewer' })).status).toBe(204)
    expect((await guest.get('/api/administrators')).code).toBe('role_too_low')

    expect((await owner.client.post(`/api/administrators/${id}/disable`)).status).toBe(204)
    expect((await guest.get('/api/session')).status).toBe(401)
    expect((await nobody().signIn(name, password)).status).toBe(401)
    await owner.client.post(`/api/administrators/${id}/enable`)
    expect((await guest.signIn(name, password)).status).toBe(200)
    expect(await newest(owner, 'administrator.disable')).toMatchObject({
      ...{ administrator: { id: owner.id, name: owner.name }, subject: { kind: 'administrator', id } },
    })

    const reset = (await owner.client.post(`/api/administrators/${id}/reset`))
      .body as unknown as InvitationView
    expect((await guest.get('/api/session')).status).toBe(401)
    expect(reset.invitation).toMatch(/^\/invitation#[\w-]{43}$/)
    expect((await owner.client.post(`/api/administrators/${id}/remove`)).status).toBe(204)
    const { administrators } = (await owner.client.get('/api/administrators')).body as {
      administrators: { id: string }[]
    }
    expect(administrators.map(each => each.id)).not.toContain(id)
  })

  test('the command line lists, disables and resets them, and that is told too', async () => {
    const owner = await signedIn(product, newName())
    const other = await signedIn(product, newName(), 'viewer')
    expect(await switchboard(product, 'admin', 'list')).toMatch(
      new RegExp(`^${other.name} +viewer +active +no +20`, 'm'),
    )
    await switchboard(product, 'admin', 'disable', other.name)
    expect((await other.client.get('/api/session')).status).toBe(401)
    expect(await newest(owner, 'administrator.disable')).toMatchObject({
      ...{ administrator: null, subject: { id: other.id }, detail: { by: 'command line' } },
    })
    await switchboard(product, 'admin', 'enable', other.name)
    const link = (await switchboard(product, 'admin', 'reset', other.name)).trim()
    const accepted = await nobody().post('/api/invitation', {
      ...{
        token: link.slice(link.indexOf('#') + 1),
        name: `${other.name} anew`,
        password: 'a word for this one alone',
      },
    })
    expect(accepted.status).toBe(200)
    expect((await nobody().signIn(`${other.name} anew`, 'a word for this one alone')).status).toBe(200)
  })
})
