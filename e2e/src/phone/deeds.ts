import type { Locator, Page } from 'playwright-core'
import { type Person, person } from '../people.js'

const button = (page: Page | Locator, name: string | RegExp) =>
  page.getByRole('button', { name, exact: true })

/** How many pictures the newest connection of the page has decoded. */
const decoded = `(async () => {
  let frames = 0
  for (const stat of (await connections.at(-1)?.getStats())?.values() ?? [])
    if (stat.type === 'inbound-rtp' && stat.kind === 'video') frames += stat.framesDecoded ?? 0
  return frames
})()`

/** What people do at the phone, by what they see of it. */
export const phone = {
  async register(page: Page, traits: Partial<Person> = {}): Promise<Person> {
    const who = person(traits)
    await button(page, 'New here? Create an account').click()
    await page.getByLabel('First name').fill(who.firstname)
    await page.getByLabel('Last name').fill(who.lastname)
    await page.getByLabel('Phone number').fill(who.phone_number)
    await page.getByLabel('Email').fill(who.email)
    await page.getByLabel('Password', { exact: true }).fill(who.password)
    await button(page, 'Create an account').click()
    await phone.isIn(page)
    return who
  },

  async logIn(page: Page, { email, password }: Pick<Person, 'email' | 'password'>): Promise<void> {
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await button(page, 'Log in').click()
    await phone.isIn(page)
  },

  isIn: (page: Page) => page.getByRole('navigation', { name: 'Phone' }).waitFor(),

  async addContact(page: Page, number: string): Promise<void> {
    await button(page, 'Add a contact').first().click()
    const dialog = page.getByRole('dialog', { name: 'Add a contact' })
    await dialog.getByLabel('Phone number').fill(number)
    await button(dialog, 'Add a contact').click()
    await dialog.waitFor({ state: 'detached' })
  },

  go: (page: Page, view: 'Contacts' | 'Recents' | 'Keypad' | 'Settings') =>
    page.getByRole('navigation', { name: 'Phone' }).getByRole('button', { name: view }).click(),

  /** Calls whoever has the number, from the keypad. */
  async dial(page: Page, number: string, video = false): Promise<void> {
    await phone.go(page, 'Keypad')
    await page.getByLabel('Number to call').fill(number)
    await button(page.locator('.pane'), video ? 'Video call' : 'Call').click()
  },

  ringing: (page: Page) => page.getByRole('alertdialog', { name: /^Incoming/ }),

  async answer(page: Page, how: 'Answer' | 'Answer with video' = 'Answer'): Promise<void> {
    await phone.ringing(page).waitFor()
    await button(phone.ringing(page), how).click()
  },

  hangUp: (page: Page) => button(page, 'Hang up').click(),

  /** The call is on the screen, and stands. */
  isConnected: (page: Page) => page.locator('[data-phase="connected"]').waitFor(),

  /** Pictures of the other side that are decoded from now on; resolves when there are some. */
  async decodes(page: Page): Promise<void> {
    const before = await page.evaluate<number>(decoded)
    const deadline = Date.now() + 60_000
    while ((await page.evaluate<number>(decoded)) < before + 5) {
      if (Date.now() > deadline) throw new Error(`no pictures came after ${before}`)
      await page.evaluate('new Promise(requestAnimationFrame)')
    }
  },

  /** The same, and they are on the screen. */
  async seesFrames(page: Page): Promise<void> {
    await phone.decodes(page)
    await page.locator('video.remote').waitFor()
  },

  /** Nobody is in a call here any more. */
  isIdle: (page: Page) => page.locator('.call-screen').waitFor({ state: 'detached' }),

  /** What the screen says of a call that is over. */
  over: (page: Page) => page.locator('.call-over-cause'),
}
