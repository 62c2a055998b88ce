import type { Page } from 'playwright-core'
import { login, type Person, person, type Rest, register } from '../people.js'
import type { Product } from '../product.js'
import { request } from '../rest-client.js'
import type { VisitOptions, Visitor } from './browser.js'
import { phone } from './deeds.js'

/** What is done at each screen: looked through, or photographed. */
export type Look = (name: string, page: Page) => Promise<void>

export interface SceneOptions {
  readonly product: Product
  readonly come: (options?: VisitOptions) => Promise<Visitor>
  readonly options: VisitOptions
  readonly look: Look
}

const names = [
  ['Grace', 'Hopper'],
  ['Ingvar', 'Åkesson'],
  ['Katherine', 'Johnson'],
  ['Lars Magnus', 'Ericsson'],
  ['Hedy', 'Lamarr'],
  ['Ben', 'Franklin'],
  ['Alexander', 'Bell'],
] as const

/** Seven people who have each other as contacts, and Ada, who has them all. */
async function populate({ product }: SceneOptions): Promise<readonly [Person, readonly Person[]]> {
  const rest: Rest = (method, path, more) => request(product.api, method, path, more)
  const ada = person({ firstname: 'Ada', lastname: 'Lovelace', email: `ada.${Date.now()}@example.org` })
  await register(rest, ada)
  const token = await login(rest, ada)
  const others: Person[] = []
  for (const [firstname, lastname] of names) {
    const other = person({ firstname, lastname })
    await register(rest, other)
    const { phone_number } = other
    await rest('POST', '/add_contact', { token, body: { contact_phonenumber: phone_number } })
    const body = { contact_phonenumber: ada.phone_number }
    await rest('POST', '/add_contact', { token: await login(rest, other), body })
    others.push(other)
  }
  return [ada, others]
}

async function outside({ come, options, look }: SceneOptions) {
  const { page } = await come(options)
  await look('log-in', page)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('Please fill this in.').first().waitFor()
  await look('log-in-faults', page)
  await page.getByRole('button', { name: 'New here? Create an account' }).click()
  await look('register', page)
  await page.getByRole('button', { name: 'I have an account' }).click()
  await page.getByRole('button', { name: 'Forgotten your password?' }).click()
  await look('recover', page)
  await page.getByLabel('Email').fill('nobody@example.org')
  await page.getByRole('button', { name: 'Send the code' }).click()
  await page.getByLabel('Code from the mail').waitFor()
  await look('recover-code', page)
}

async function beginning({ come, options, look }: SceneOptions) {
  const { page } = await come(options)
  await phone.register(page, { firstname: 'Ada' })
  await page.getByRole('heading', { name: 'Nobody here yet' }).waitFor()
  await look('contacts-empty', page)
  await page.getByRole('button', { name: 'Add a contact' }).first().click()
  await look('add-contact', page)
  await page.keyboard.press('Escape')
  await phone.go(page, 'Recents')
  await page.getByRole('heading', { name: 'No calls yet' }).waitFor()
  await look('recents-empty', page)
}

const control = (page: Page, name: string) =>
  page.locator('.controls').getByRole('button', { name, exact: true })

async function calls(scene: SceneOptions, ada: Visitor, ben: Visitor) {
  const { look } = scene
  const videoCall = () => ada.page.getByRole('button', { name: 'Video call Ben Franklin' })
  await videoCall().click()
  await ada.page.locator('[data-phase="ringing"]').waitFor()
  await look('calling', ada.page)
  await phone.ringing(ben.page).waitFor()
  await look('incoming', ben.page)
  await phone.ringing(ben.page).getByRole('button', { name: 'Decline' }).click()
  await phone.over(ada.page).waitFor()
  await look('declined', ada.page)
  await ada.page.getByRole('button', { name: 'Close' }).click()

  await ada.page.getByRole('button', { name: 'Call Ben Franklin', exact: true }).click()
  await phone.answer(ben.page)
  for (const { page } of [ada, ben]) await phone.isConnected(page)
  await ada.page.locator('.quality').waitFor()
  await look('call', ada.page)
  await control(ada.page, 'Hold').click()
  await ada.page.getByText('On hold').waitFor()
  await look('held', ada.page)
  await control(ada.page, 'Hold').click()
  await control(ada.page, 'Keypad').click()
  await look('call-keypad', ada.page)
  await control(ada.page, 'Keypad').click()
  await control(ada.page, 'Devices').click()
  await look('devices', ada.page)
  await ada.page.keyboard.press('Escape')
  await phone.hangUp(ben.page)
  await phone.isIdle(ada.page)

  await videoCall().click()
  await phone.answer(ben.page, 'Answer with video')
  await phone.seesFrames(ada.page)
  await ada.page.locator('.quality').waitFor()
  await look('video', ada.page)
  await phone.hangUp(ada.page)
  await phone.isIdle(ben.page)

  // One that Ada misses.
  await phone.dial(ben.page, (await ownNumber(ada.page)).replaceAll(' ', ''))
  await phone.ringing(ada.page).waitFor()
  await phone.hangUp(ben.page)
  await phone.ringing(ada.page).waitFor({ state: 'detached' })
}

async function ownNumber(page: Page): Promise<string> {
  await phone.go(page, 'Keypad')
  return (await page.locator('.pane .own-number strong').textContent()) ?? ''
}

async function around({ look }: SceneOptions, { page }: Visitor) {
  await page.getByText('1 missed call').waitFor({ state: 'attached' })
  await phone.go(page, 'Recents')
  await page.getByText('Incoming, Missed').waitFor()
  await look('recents', page)
  await phone.go(page, 'Keypad')
  await page.getByLabel('Number to call').fill('1212121212')
  await look('keypad', page)
  await phone.go(page, 'Settings')
  await page.getByRole('switch', { name: 'Calls from contacts alone' }).waitFor()
  await look('settings', page)
  await page.getByRole('button', { name: 'Change the password' }).click()
  await look('change-password', page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Delete the account' }).click()
  await look('delete-account', page)
  await page.keyboard.press('Escape')
  await phone.go(page, 'Contacts')
  await page.getByText('Available').first().waitFor()
  await look('contacts', page)
  await page.locator('.row-main', { hasText: 'Ben Franklin' }).click()
  await look('person', page)
  await page.getByRole('button', { name: 'Block', exact: true }).click()
  await page.getByText('their calls do not ring here').waitFor()
  await look('person-blocked', page)
}

async function refused({ come, options, look }: SceneOptions, ada: Person, ben: Person) {
  const { page } = await come({ ...options, mayUse: [] })
  await phone.logIn(page, ada)
  await phone.dial(page, ben.phone_number, true)
  await page.getByRole('alertdialog', { name: 'The call could not begin' }).waitFor()
  await look('refused', page)
}

/** What there is to see when another tab has taken over, and while the server is away. */
async function lost({ product, look }: SceneOptions, ada: Visitor, ben: Visitor) {
  await phone.dial(ada.page, (await ownNumber(ben.page)).replaceAll(' ', ''))
  await phone.answer(ben.page)
  for (const { page } of [ada, ben]) await phone.isConnected(page)
  // A tab that is made from another has what that one keeps.
  const opened = ada.context.waitForEvent('page')
  await ada.page.evaluate(`void open('/')`)
  const other = await opened
  await phone.isConnected(other)
  await ada.page.getByRole('heading', { name: 'open in another tab' }).waitFor()
  await look('displaced', ada.page)
  await product.kill()
  await other.getByText('Reconnecting').waitFor()
  await look('reconnecting', other)
  await other.close()
  const { page } = ada
  await page.getByRole('button', { name: 'Use it here' }).click()
  await page.getByRole('heading', { name: 'cannot be reached' }).waitFor()
  await look('unreachable', page)
}

/** Through every screen of the phone, as Ada sees it; the server is away at the end. */
export async function walk(scene: SceneOptions): Promise<void> {
  await outside(scene)
  await beginning(scene)
  const [who, others] = await populate(scene)
  const ben = others.find(({ firstname }) => firstname === 'Ben') as Person
  const bens = await scene.come(scene.options)
  await phone.logIn(bens.page, ben)
  const adas = await scene.come(scene.options)
  await phone.logIn(adas.page, who)
  await calls(scene, adas, bens)
  await around(scene, adas)
  await refused(scene, who, ben)
  await lost(scene, adas, bens)
}
