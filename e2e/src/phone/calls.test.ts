import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { login, type Person, person, type Rest, register } from '../people.js'
import { request } from '../rest-client.js'
import { serveBarePage } from './bare-page.js'
import { phone } from './deeds.js'
import { phones, slow } from './stage.js'

let bare: Awaited<ReturnType<typeof serveBarePage>>
const { visitor, pair, product } = phones({
  env: async () => {
    bare = await serveBarePage()
    return { ALLOWED_ORIGINS: bare.origin }
  },
})
afterAll(() => bare?.close())

describe('two people at the phone', slow, () => {
  it('register, find each other, and see each other; the history knows', async () => {
    const [ada, ben] = [await visitor(), await visitor()]
    const adasSelf = await phone.register(ada.page, { firstname: 'Ada', lastname: 'Lovelace' })
    const bensSelf = await phone.register(ben.page, { firstname: 'Ben', lastname: 'Franklin' })
    await phone.addContact(ada.page, bensSelf.phone_number)
    await phone.addContact(ben.page, adasSelf.phone_number)
    await phone.go(ada.page, 'Recents')
    await phone.go(ada.page, 'Contacts')
    await ada.page.getByRole('button', { name: 'Video call Ben Franklin' }).click()
    expect(await phone.ringing(ben.page).textContent()).toContain('Ada Lovelace')
    await phone.answer(ben.page, 'Answer with video')
    for (const { page } of [ada, ben]) await phone.isConnected(page)
    await Promise.all([phone.seesFrames(ada.page), phone.seesFrames(ben.page)])
    expect(await ada.page.locator('.quality').textContent()).toMatch(/\d+ ms · 0 % lost · Direct/)
    await phone.hangUp(ada.page)
    for (const { page } of [ada, ben]) {
      await phone.isIdle(page)
      await phone.go(page, 'Recents')
    }
    await ada.page.getByRole('button', { name: 'Call Ben Franklin back' }).waitFor()
    await ben.page.getByRole('button', { name: 'Call Ada Lovelace back' }).waitFor()
  })

  it('mute, hold, turn the camera on in the middle, send tones and take another device', async () => {
    const [ada, ben] = await pair()
    await phone.dial(ada.page, ben.who.phone_number)
    await phone.answer(ben.page)
    for (const { page } of [ada, ben]) await phone.isConnected(page)
    const control = (name: string) => ada.page.locator('.controls').getByRole('button', { name, exact: true })
    await control('Mute').click()
    expect(await control('Mute').getAttribute('aria-pressed')).toBe('true')
    await control('Hold').click()
    await ben.page.getByText('put you on hold').waitFor()
    await control('Hold').click()
    await ben.page.getByText('put you on hold').waitFor({ state: 'detached' })
    await control('Camera').click()
    await phone.seesFrames(ben.page)
    await control('Keypad').click()
    for (const key of ['1', '#'])
      await ada.page.locator('.call-keys').getByRole('button', { name: key }).click()
    await control('Devices').click()
    const devices = ada.page.getByRole('dialog', { name: 'Devices' })
    const camera = devices.getByLabel('Camera')
    await camera.locator('option').nth(1).waitFor({ state: 'attached' })
    await camera.selectOption({ index: 1 })
    await ada.page.keyboard.press('Escape')
    await phone.seesFrames(ben.page)
    await phone.hangUp(ben.page)
    for (const { page } of [ada, ben]) await phone.isIdle(page)
  })

  it('by relay alone, when one of them wants it so', async () => {
    const [ada, ben] = await pair()
    await phone.go(ada.page, 'Settings')
    await ada.page.getByRole('switch', { name: 'Always by relay' }).check()
    await phone.dial(ada.page, ben.who.phone_number, true)
    await phone.answer(ben.page, 'Answer with video')
    for (const { page } of [ada, ben]) await phone.isConnected(page)
    await Promise.all([phone.seesFrames(ada.page), phone.seesFrames(ben.page)])
    await ada.page.locator('.quality', { hasText: 'By relay' }).waitFor()
    await phone.hangUp(ada.page)
    await phone.isIdle(ben.page)
  })

  it('decline, and the caller reads it and calls again; who missed that calls back', async () => {
    const [ada, ben] = await pair()
    await phone.dial(ada.page, ben.who.phone_number)
    await phone.ringing(ben.page).getByRole('button', { name: 'Decline' }).click()
    await phone.over(ada.page).getByText('Declined', { exact: true }).waitFor()
    await ada.page.getByRole('button', { name: 'Call again' }).click()
    await phone.ringing(ben.page).waitFor()
    await phone.hangUp(ada.page)
    await phone.ringing(ben.page).waitFor({ state: 'detached' })
    await phone.isIdle(ada.page)
    await ben.page.getByText('1 missed call').waitFor({ state: 'attached' })
    await phone.go(ben.page, 'Recents')
    await ben.page.getByText('Incoming, Missed').waitFor()
    await ben.page
      .getByRole('button', { name: /^Call .* back$/ })
      .first()
      .click()
    await phone.answer(ada.page)
    for (const { page } of [ada, ben]) await phone.isConnected(page)
    await phone.hangUp(ben.page)
    await phone.isIdle(ada.page)
  })

  it('busy, nobody there, and a device of two that answers first', async () => {
    const [ada, ben] = await pair()
    const eve = await visitor(true)
    const bensOther = await visitor()
    await phone.logIn(bensOther.page, ben.who)
    await phone.dial(ada.page, ben.who.phone_number)
    for (const { page } of [ben, bensOther]) await phone.ringing(page).waitFor()
    await phone.answer(bensOther.page)
    await phone.ringing(ben.page).waitFor({ state: 'detached' })
    for (const { page } of [ada, bensOther]) await phone.isConnected(page)
    await phone.dial(eve.page, ben.who.phone_number)
    await phone.over(eve.page).getByText('Busy', { exact: true }).waitFor()
    await eve.page.getByRole('button', { name: 'Close' }).click()
    await phone.dial(eve.page, '999999999999999')
    await phone.over(eve.page).getByText('Cannot be reached', { exact: true }).waitFor()
    await phone.hangUp(bensOther.page)
    await phone.isIdle(ada.page)
  })

  it('a page that is loaded again goes on with its call, and so does one whose server restarts', async () => {
    const [ada, ben] = await pair()
    await phone.dial(ada.page, ben.who.phone_number, true)
    await phone.answer(ben.page, 'Answer with video')
    for (const { page } of [ada, ben]) await phone.isConnected(page)
    await phone.seesFrames(ben.page)
    await ada.page.reload()
    await phone.isConnected(ada.page)
    await Promise.all([phone.seesFrames(ada.page), phone.seesFrames(ben.page)])
    await product().kill()
    await ben.page.getByText('Reconnecting').waitFor()
    await product().start()
    for (const { page } of [ada, ben]) await phone.isConnected(page)
    await Promise.all([phone.seesFrames(ada.page), phone.seesFrames(ben.page)])
    await phone.hangUp(ben.page)
    for (const { page } of [ada, ben]) await phone.isIdle(page)
  })
})

/** A page that knows the five messages, with somebody's token. */
async function connect(page: Page, who: Person, peer: string): Promise<void> {
  const rest: Rest = (method, path, more) => request(product().api, method, path, more)
  await register(rest, who)
  const options = { signal: product().signal, token: await login(rest, who), me: who.phone_number, peer }
  await page.evaluate(`globalThis.device = bare(${JSON.stringify(options)}); device.hears('connected')`)
}

describe('a page without the SDK, with the five messages over a WebSocket', slow, () => {
  it.each(['calls', 'is called by'] as const)(
    '%s somebody at the phone, and both see each other',
    async how => {
      const [ada, other] = [await visitor(true), await visitor(false, { at: bare.origin })]
      const ben = person()
      await connect(other.page, ben, ada.who.phone_number)
      if (how === 'calls') {
        await other.page.evaluate('device.call()')
        await phone.answer(ada.page, 'Answer with video')
        await other.page.evaluate(`device.hears('callResponse')`)
      } else await phone.dial(ada.page, ben.phone_number, true)
      await phone.isConnected(ada.page)
      await Promise.all([phone.seesFrames(ada.page), phone.decodes(other.page)])
      if (how === 'calls') {
        await other.page.evaluate('device.hangUp()')
      } else {
        await phone.hangUp(ada.page)
        await other.page.evaluate(`device.hears('HangUp')`)
      }
      await phone.isIdle(ada.page)
      expect(await ada.page.locator('.call-over').count()).toBe(0)
    },
  )
})
