import { afterAll, describe, expect, it } from 'vitest'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { phone } from './deeds.js'
import { phones } from './stage.js'

let mailbox: Mailbox
const { visitor, pair } = phones({
  env: async () => {
    mailbox = await openMailbox()
    return { SMTP_URL: mailbox.url, MAIL_FROM: 'phone@example.org' }
  },
})
afterAll(() => mailbox?.close())

describe('an account at the phone', () => {
  it('a lost password is got back by the code of the mail, and the old one is good for nothing', async () => {
    const { who } = await visitor(true)
    const { page } = await visitor(false)
    await page.getByRole('button', { name: 'Forgotten your password?' }).click()
    await page.getByLabel('Email').fill(who.email)
    await page.getByRole('button', { name: 'Send the code' }).click()
    await page.getByLabel('Code from the mail').fill(await mailbox.code(who.email))
    await page.getByLabel('New password').fill('a heron over the harbour')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('Your password is changed').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(who.password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByText('Email or password is wrong.').waitFor()
    await phone.logIn(page, { email: who.email, password: 'a heron over the harbour' })
  })

  it('stays logged in when the app is opened again, unless somebody logs out', async () => {
    const { page, context } = await visitor(true)
    const again = await context.newPage()
    await again.goto(page.url())
    await phone.isIn(again)
    await phone.go(page, 'Settings')
    await page.getByRole('button', { name: 'Log out', exact: true }).click()
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
    await again.getByText('You were logged out').waitFor()
    await again.reload()
    await again.getByRole('heading', { name: 'Log in' }).waitFor()
    expect(await again.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toContain('token')
  })

  it('speaks Swedish to who reads it, and keeps the language that was chosen', async () => {
    const { page } = await visitor(false, { locale: 'sv-SE' })
    await page.getByRole('heading', { name: 'Logga in' }).waitFor()
    expect(await page.evaluate('document.documentElement.lang')).toBe('sv')
    await page.getByLabel('Språk').selectOption('en')
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
  })

  it('changes name and number, and the address of the page names nobody', async () => {
    const { page, who } = await visitor(true)
    await phone.go(page, 'Settings')
    await page.getByLabel('First name').fill('Åsa')
    await page.getByLabel('Phone number').fill('070 123 45 67 89')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('status').getByText('Saved').waitFor()
    await page.locator('.profile-head').getByText(`Åsa ${who.lastname}`).waitFor()
    await page.locator('.profile-head').getByText('070 123 456 789').waitFor()
    expect(new URL(page.url()).pathname + new URL(page.url()).search + new URL(page.url()).hash).toBe('/')
  })

  it('who is blocked does not get through, and does after', async () => {
    const [ada, ben] = await pair()
    await phone.addContact(ada.page, ben.who.phone_number)
    await ada.page.getByRole('button', { name: 'Block', exact: true }).click()
    await ada.page.getByText('their calls do not ring here').waitFor()
    await phone.dial(ben.page, ada.who.phone_number)
    await phone.over(ben.page).getByText('Cannot be reached').waitFor()
    await ada.page.getByRole('button', { name: 'Unblock', exact: true }).click()
    await ada.page.getByText('their calls do not ring here').waitFor({ state: 'detached' })
    await ben.page.getByRole('button', { name: 'Call again' }).click()
    await phone.ringing(ada.page).waitFor()
    await phone.hangUp(ben.page)
    await phone.ringing(ada.page).waitFor({ state: 'detached' })
  })
})

describe('an app on the device', () => {
  /** As a browser tells a page that nobody looks at, and with the tones counted. */
  const unwatched = `
    Object.defineProperty(document, 'hidden', { get: () => true })
    globalThis.notes = 0
    const { start } = OscillatorNode.prototype
    OscillatorNode.prototype.start = function (...args) { notes++; return start.apply(this, args) }`

  it('rings, and notifies when nobody looks; both end with the ringing', async () => {
    const ada = await visitor(true)
    const ben = await visitor(true, { mayUse: ['microphone', 'notifications'] })
    await ben.context.addInitScript({ content: unwatched })
    await ben.page.evaluate('navigator.serviceWorker.ready.then(() => true)')
    await ben.page.reload()
    await phone.isIn(ben.page)
    await phone.dial(ada.page, ben.who.phone_number)
    await phone.ringing(ben.page).waitFor()
    const shown = `navigator.serviceWorker.ready.then(worker => worker.getNotifications())
      .then(all => all.map(({ body }) => body).join())`
    await expect.poll(() => ben.page.evaluate(shown)).toBe('Incoming call')
    expect(await ben.page.evaluate('notes')).toBeGreaterThan(0)
    expect(await ben.page.title()).toContain('is calling')
    await phone.hangUp(ada.page)
    await phone.ringing(ben.page).waitFor({ state: 'detached' })
    await expect.poll(() => ben.page.evaluate(shown)).toBe('')
    await expect.poll(() => ben.page.title()).toContain('(1)')
  })

  it('can be installed, and opens without a network', async () => {
    const { page, context } = await visitor(true)
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)')
    const devtools = await context.newCDPSession(page)
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
    await page.reload()
    await phone.isIn(page)
    await context.setOffline(true)
    await page.reload()
    await page.getByRole('heading', { name: 'One moment' }).waitFor()
    await context.setOffline(false)
    await phone.isIn(page)
  })
})
