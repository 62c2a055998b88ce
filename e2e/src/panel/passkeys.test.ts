import type { SessionView } from '@switchboard/protocol/admin'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launch } from '../chromium.js'
import { running } from '../running.js'
import { createAdministrator, panelClient } from './panel-client.js'

// The strict profile: who has no second factor sets one up and does nothing else.
const product = running({ env: { SECURITY_PROFILE: 'strict' } })
let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** A page of the panel's own origin, in a browser that has a fingerprint reader which always says yes. */
async function openPage() {
  // Nothing of the page is asked to be let in; what is tested here is the server and the browser's own rules.
  const context = await browser.newContext({ bypassCSP: true })
  const page = await context.newPage()
  const devTools = await context.newCDPSession(page)
  await devTools.send('WebAuthn.enable')
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal' },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    },
  })
  const { port } = new URL(product.admin)
  await page.goto(`http://localhost:${port}/health/live`)
  return { page, context }
}

const post = (page: Page, path: string, body: unknown, csrfToken = ''): Promise<Answer> =>
  page.evaluate(
    async ([to, sent, token]) => {
      const headers = { 'content-type': 'application/json', 'x-csrf-token': token }
      const response = await fetch(to, { method: 'POST', headers, body: sent })
      return {
        status: response.status,
        body: (await response.json().catch(() => ({}))) as Record<string, unknown>,
      }
    },
    [path, JSON.stringify(body), csrfToken] as const,
  )
const session = (page: Page) =>
  page.evaluate(async () => (await (await fetch('/api/session')).json()) as unknown) as Promise<SessionView>

/** What the browser makes of the options: a passkey, or an answer of one. */
const credential = (page: Page, way: 'create' | 'get', options: unknown): Promise<unknown> => {
  const parse = way === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON'
  const publicKey = `PublicKeyCredential.${parse}(${JSON.stringify(options)})`
  return page.evaluate(
    `navigator.credentials.${way}({ publicKey: ${publicKey} }).then(made => made.toJSON())`,
  )
}

test('a passkey is a second factor, a way in of its own, good for one answer, and can be taken away', async () => {
  const { name, password } = await createAdministrator(product, 'Ada')
  product.secret(password)
  const { page, context } = await openPage()
  expect((await post(page, '/api/sign_in', { name, password })).body).toEqual({ next: 'done', methods: [] })
  const before = await session(page)
  expect(before.needs).toBe('second_factor_setup')
  const refused = await page.evaluate(async () => (await fetch('/api/administrators')).status)
  expect(refused).toBe(403)

  const creation = await post(page, '/api/own/passkeys/options', {}, before.csrfToken)
  expect(creation.status).toBe(200)
  const made = { name: 'This laptop', response: await credential(page, 'create', creation.body) }
  const added = await post(page, '/api/own/passkeys', made, before.csrfToken)
  expect(added.status, JSON.stringify(added.body)).toBe(200)
  const again = await post(page, '/api/own/passkeys', made, before.csrfToken)
  expect([again.status, again.body.code]).toEqual([400, 'passkey_refused'])
  const after = await session(page)
  expect([after.needs, after.secondFactors.passkeys.map(each => each.name)]).toEqual([
    'nothing',
    ['This laptop'],
  ])
  await post(page, '/api/sign_out', {})

  // After the password.
  const half = await post(page, '/api/sign_in', { name, password })
  expect(half.body).toEqual({ next: 'second_factor', methods: ['passkey'] })
  const asked = await post(page, '/api/sign_in/passkey/options', {})
  const response = await credential(page, 'get', asked.body)
  expect((await post(page, '/api/sign_in/passkey', { response })).body).toEqual({ next: 'done', methods: [] })
  await post(page, '/api/sign_out', {})
  await post(page, '/api/sign_in', { name, password })
  const replayed = await post(page, '/api/sign_in/passkey', { response })
  expect([replayed.status, replayed.body.code]).toEqual([400, 'passkey_refused'])

  // Instead of name and password: then the key has to know its owner.
  await context.clearCookies()
  const alone = await post(page, '/api/sign_in/passkey/options', {})
  expect(alone.body).toMatchObject({ allowCredentials: [], userVerification: 'required' })
  const verified = await credential(page, 'get', alone.body)
  const entered = await post(page, '/api/sign_in/passkey', { response: verified })
  expect(entered.status, JSON.stringify(entered.body)).toBe(200)
  const signedIn = await session(page)
  expect(signedIn.administrator.name).toBe(name)
  expect(signedIn.secondFactors.passkeys[0]?.lastUsedAt).not.toBeNull()

  const [{ id = '' } = {}] = signedIn.secondFactors.passkeys
  const remove = (written: string) =>
    post(page, `/api/own/passkeys/${id}/remove`, { password: written }, signedIn.csrfToken)
  expect((await remove('correct horse battery')).body.code).toBe('wrong_password')
  expect((await remove(password)).status).toBe(204)
  expect((await session(page)).needs).toBe('second_factor_setup')
  await context.close()
})

test('what was signed on another page, or for another one, is refused', async () => {
  const { name, password } = await createAdministrator(product, 'Bo')
  const { page, context } = await openPage()
  await post(page, '/api/sign_in', { name, password })
  const { csrfToken } = await session(page)
  const creation = await post(page, '/api/own/passkeys/options', {}, csrfToken)
  const response = await credential(page, 'create', creation.body)
  // The same answer by a client that says it is elsewhere: the origin was signed with it.
  const elsewhere = panelClient(product)
  await elsewhere.signIn(name, password)
  await elsewhere.session()
  const told = await elsewhere.post('/api/own/passkeys', { name: 'stolen', response })
  expect([told.status, told.code]).toEqual([400, 'passkey_refused'])
  // An address is no name that a passkey could belong to.
  expect((await elsewhere.post('/api/own/passkeys/options')).code).toBe('passkey_refused')
  await context.close()
})
