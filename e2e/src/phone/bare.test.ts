import type { Page } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { login, type Person, person, type Rest, register } from '../people.js'
import { request } from '../rest-client.js'
import { serveBarePage } from './bare-page.js'
import { phone } from './deeds.js'
import { phones } from './stage.js'

let bare: Awaited<ReturnType<typeof serveBarePage>>
const { visitor, product } = phones({
  env: async () => {
    bare = await serveBarePage()
    return { ALLOWED_ORIGINS: bare.origin }
  },
})
afterAll(() => bare?.close())

/** A page that knows the five messages, with somebody's token. */
async function connect(page: Page, who: Person, peer: string): Promise<void> {
  const rest: Rest = (method, path, more) => request(product().api, method, path, more)
  await register(rest, who)
  const options = { signal: product().signal, token: await login(rest, who), me: who.phone_number, peer }
  await page.evaluate(`globalThis.device = bare(${JSON.stringify(options)}); device.hears('connected')`)
}

describe('a page without the SDK, with the five messages over a WebSocket', () => {
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
