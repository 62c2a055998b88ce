import type { Page } from 'playwright-core'
import { connectDevice, type Device } from '../device.js'
import { login, type Person, person, type Rest, register } from '../people.js'
import type { Product } from '../product.js'
import { request } from '../rest-client.js'
import { panelAt } from './entering.js'

export interface UseOptions {
  readonly product: Pick<Product, 'admin' | 'api' | 'signal'>
  readonly look: (name: string, page: Page) => Promise<void>
}

/** The operator has a receiver of webhooks, and nobody listens there. */
export const settings = {
  WEBHOOK_URL: 'http://127.0.0.1:9/calls',
  WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
}

const people: readonly Partial<Person>[] = [
  { firstname: 'Ada', lastname: 'Lovelace', email: 'ada@example.org' },
  { firstname: 'Ben', lastname: 'Franklin', email: 'ben@example.org' },
  { firstname: 'Grace', lastname: 'Hopper', email: 'grace@example.org' },
  { firstname: 'Lars Magnus', lastname: 'Ericsson', email: 'lars-magnus@example.org' },
  { firstname: 'Hedy', lastname: 'Lamarr', email: 'hedy@example.org' },
]

/** Whatever came before it. */
const hears = (device: Device, reason: string) => device.until(reason, ({ REASON }) => REASON === reason)

/** People who call each other, as they do: answered, declined, missed, busy; one call goes on. */
async function bustle({ api, signal }: UseOptions['product']) {
  const rest: Rest = (method, path, more) => request(api, method, path, more)
  const devices: Device[] = []
  for (const traits of people) {
    const who = person(traits)
    await register(rest, who)
    devices.push(await connectDevice(signal, { ...who, token: await login(rest, who) }))
  }
  const [ada, ben, grace, lars] = devices
  if (!ada || !ben || !grace || !lars) throw new Error('nobody came')
  const ring = async (from: Device, to: Device) => {
    from.call(to.number)
    await hears(to, 'call')
  }
  await ring(ada, ben)
  ben.deny(ada.number)
  await hears(ada, 'callResponse')
  await ring(grace, ada)
  ada.accept(grace.number)
  await hears(grace, 'callResponse')
  grace.hangUp(ada.number)
  await hears(ada, 'HangUp')
  await ring(lars, grace)
  lars.hangUp(grace.number)
  await hears(grace, 'HangUp')
  await ring(ben, lars)
  lars.accept(ben.number)
  await hears(ben, 'callResponse')
  return () => {
    for (const { wire } of devices) wire.socket.terminate()
  }
}

/** The pages about what people do, with people who do it. */
export async function walkThroughUse({ product, look }: UseOptions, page: Page): Promise<void> {
  const leave = await bustle(product)
  const go = (path: string) => page.goto(`${panelAt(product)}${path}`)
  const heading = (name: string | RegExp) => page.getByRole('heading', { name }).first().waitFor()
  try {
    await go('/')
    await page.locator('.tile').first().waitFor()
    await look('overview', page)
    await go('/nodes')
    await page.getByText('this one').waitFor()
    await look('nodes', page)
    await go('/limits')
    await heading('Latest refusals')
    await look('limits', page)
    await go('/settings?q=port')
    await page.getByText('API_PORT').first().waitFor()
    await look('settings', page)
    await go('/mail')
    await heading('No mail')
    await look('mail-none', page)
    await go('/mail?state=failed')
    await heading('No mail in this state')
    await look('mail-none-of-state', page)
    await go('/webhooks')
    await page
      .getByRole('row', { name: /Call ended.*Waiting/ })
      .first()
      .waitFor()
    await page.getByText('Fails').waitFor()
    await look('webhooks', page)
    await go('/webhooks?state=delivered')
    await heading('No events')
    await look('webhooks-none', page)
    await go('/users')
    await page.getByRole('link', { name: 'Hedy Lamarr' }).waitFor()
    await look('users', page)
    await page.getByRole('searchbox').fill('nobody at all')
    await heading('Nobody matches')
    await look('users-none', page)
    await go('/users?q=ada@')
    await page.getByRole('row', { name: /Ada Lovelace/ }).waitFor()
    await page.locator('.row-link').click()
    await heading('Acts')
    await page.locator('.row-link').first().waitFor()
    await look('user', page)
    await page.getByRole('button', { name: 'Delete the account' }).click()
    await look('user-delete', page)
    await go('/calls/live')
    await page.getByRole('row', { name: /Ben Franklin.*Lars Magnus Ericsson/ }).waitFor()
    await look('live-calls', page)
    await page.getByRole('button', { name: 'End' }).click()
    await look('live-calls-end', page)
    await page.keyboard.press('Escape')
    await go('/calls')
    await page.getByRole('row', { name: /Declined/ }).waitFor()
    await look('calls', page)
    await page
      .getByRole('row', { name: /Declined/ })
      .locator('.row-link')
      .click()
    await heading('What happened')
    await look('call', page)
    await go('/calls?cause=glare')
    await heading('No call matches')
    await look('calls-none', page)
  } finally {
    leave()
  }
}
