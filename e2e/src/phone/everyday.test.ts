import { afterAll, describe, expect, it } from 'vitest'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { phone } from './deeds.js'
import { phones, slow } from './stage.js'

let mailbox: Mailbox
const { visitor, pair, product } = phones({
  turnSecret: 'coturn was given another one than the server',
  env: async () => {
    mailbox = await openMailbox()
    return { SMTP_URL: mailbox.url, MAIL_FROM: 'phone@example.org' }
  },
})
afterAll(() => mailbox?.close())

describe('an account at the phone', slow, () => {
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
    expect(await page.locator('.news').textContent()).toBe('')
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

  it('is deleted with its password, and is nobody’s after', async () => {
    const { page, who } = await visitor(true)
    await phone.go(page, 'Settings')
    await page.getByRole('button', { name: 'Delete the account' }).click()
    const dialog = page.getByRole('alertdialog', { name: 'Delete the account' })
    await dialog.getByLabel('Password', { exact: true }).fill('not the password')
    await dialog.getByRole('button', { name: 'Delete for good' }).click()
    await dialog.getByText('Email or password is wrong.').waitFor()
    await dialog.getByLabel('Password', { exact: true }).fill(who.password)
    await dialog.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByLabel('Email').fill(who.email)
    await page.getByLabel('Password', { exact: true }).fill(who.password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByText('Email or password is wrong.').waitFor()
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

describe('an app on the device', slow, () => {
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
    await expect.poll(() => ben.page.evaluate('notes')).toBeGreaterThan(0)
    await expect.poll(() => ben.page.title()).toContain('is calling')
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

describe('what goes wrong is said in plain words', slow, () => {
  it('a relay that refuses the secret', async () => {
    const [ada, ben] = await pair()
    await phone.dial(ada.page, ben.who.phone_number)
    await ada.page.getByRole('alert').getByText('the TURN secret is wrong').waitFor()
    await phone.hangUp(ada.page)
    await phone.isIdle(ada.page)
  })

  it('a microphone that the browser refuses: nothing rings, and the ways on are there', async () => {
    const [ada, ben] = [await visitor(true, { mayUse: [] }), await visitor(true)]
    await phone.dial(ada.page, ben.who.phone_number, true)
    const failure = ada.page.getByRole('alertdialog', { name: 'The call could not begin' })
    await failure.getByText('does not let this page use the microphone or camera').waitFor()
    await ada.context.grantPermissions(['microphone', 'camera'])
    await failure.getByRole('button', { name: 'Go on without camera' }).click()
    await phone.answer(ben.page)
    for (const { page } of [ada, ben]) await phone.isConnected(page)
    expect(await ada.page.locator('video').count()).toBe(0)
    await phone.hangUp(ben.page)
  })

  it('a microphone refused to the callee: it rings on, and can be answered after all', async () => {
    const [ada, ben] = [await visitor(true), await visitor(true, { mayUse: [] })]
    await phone.dial(ada.page, ben.who.phone_number)
    await phone.answer(ben.page)
    const failure = ben.page.getByRole('alertdialog', { name: 'The call could not begin' })
    await failure.waitFor()
    await ben.context.grantPermissions(['microphone'])
    await failure.getByRole('button', { name: 'Try again' }).click()
    for (const { page } of [ada, ben]) await phone.isConnected(page)
    await phone.hangUp(ben.page)
    await phone.isIdle(ada.page)
  })

  it('a number that is taken, a password that is wrong, a form that is not filled in', async () => {
    const ada = await visitor(true)
    const stranger = await visitor(false)
    const { page } = stranger
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByText('Please fill this in.').first().waitFor()
    await page.getByLabel('Email').and(page.locator(':focus')).waitFor()
    await page.getByLabel('Email').fill(ada.who.email)
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').getByText('Email or password is wrong.').waitFor()
    await page.getByRole('button', { name: 'New here? Create an account' }).click()
    await page.getByLabel('First name').fill('Eve')
    await page.getByLabel('Last name').fill('Stone')
    await page.getByLabel('Phone number').fill(ada.who.phone_number)
    await page.getByLabel('Email').fill('eve@example.org')
    await page.getByLabel('Password', { exact: true }).fill('marigold kestrel')
    await page.getByRole('button', { name: 'Create an account' }).click()
    await page.getByRole('alert').getByText('has an account already').waitFor()
  })

  it('nobody answers: the caller reads it, and the callee has missed a call', async () => {
    await product().stop()
    await product().start({ RING_TIMEOUT_SECONDS: '3' })
    const [ada, ben] = await pair()
    await phone.dial(ada.page, ben.who.phone_number)
    await phone.over(ada.page).getByText('No answer', { exact: true }).waitFor()
    await phone.go(ben.page, 'Recents')
    await ben.page.getByText('Incoming, Missed').waitFor()
  })
})
