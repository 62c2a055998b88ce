import type { Page } from 'playwright-core'
import type { Visitor } from '../phone/browser.js'
import type { Running } from '../running.js'
import { isIn, panelAt, signIn } from './entering.js'
import { createAdministrator } from './panel-client.js'
import { walkThroughUse } from './scenes-of-use.js'

export interface SceneOptions {
  readonly product: Pick<Running, 'admin' | 'api' | 'signal' | 'dir' | 'secret'>
  readonly come: () => Promise<Visitor>
  /** Told of every page and state, when it is to be seen. */
  readonly look: (name: string, page: Page) => Promise<void>
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true }).first()

/** Through the panel, page by page, with something in each. */
export async function walk(options: SceneOptions): Promise<void> {
  const { product, come, look } = options
  const { page } = await come()
  await heading(page, 'This panel has no administrator yet').waitFor()
  await look('no-administrator', page)
  const { name, password } = await createAdministrator(product, 'Mary Jackson')
  product.secret(password)
  await page.reload()
  await heading(page, 'Sign in').waitFor()
  await look('sign-in', page)
  await button(page, 'Sign in').click()
  await page.getByText('Please fill this in.').first().waitFor()
  await look('sign-in-faults', page)
  await signIn(page, name, password)
  await isIn(page)
  await walkThroughUse(options, page)
  await administrators(page, options)
  await account(page, password, options)
  await audit(page, options)
}

async function administrators(page: Page, { product, look }: SceneOptions) {
  await page.goto(`${panelAt(product)}/administrators`)
  await button(page, 'Invite somebody').click()
  await look('invite', page)
  await page.getByRole('dialog').getByLabel('Name').fill('Grace Hopper')
  await button(page, 'Make the link').click()
  const link = await page.locator('.link-box code').innerText()
  product.secret(link.slice(link.indexOf('#') + 1))
  await look('invitation-link', page)
  await button(page, 'Done').click()
  await look('administrators', page)
  await button(page, 'Change Grace Hopper').click()
  await look('change-administrator', page)
  await page.keyboard.press('Escape')
  await page.goto(link)
  await heading(page, 'You are invited').waitFor()
  await look('invitation', page)
}

async function account(page: Page, password: string, { product, look }: SceneOptions) {
  await page.goto(`${panelAt(product)}/account`)
  await button(page, 'Set up').waitFor()
  await look('account', page)
  await button(page, 'Set up').click()
  await look('second-factor-password', page)
  await page.getByRole('dialog').getByLabel('Your password').fill(password)
  await page.keyboard.press('Enter')
  const secret = await page.locator('.secret').innerText()
  product.secret(secret.replaceAll(' ', ''))
  await look('second-factor-scan', page)
  await page.keyboard.press('Escape')
  // Where the server asks for a second step, nothing else is shown before.
  await page.route('**/api/session', async route => {
    const answer = await route.fetch()
    await route.fulfill({ json: { ...(await answer.json()), needs: 'second_factor_setup' } })
  })
  await page.reload()
  await heading(page, 'Set up a second step').waitFor()
  await look('second-factor-needed', page)
  await page.unroute('**/api/session')
}

async function audit(page: Page, { product, look }: SceneOptions) {
  await page.goto(`${panelAt(product)}/audit`)
  await page.getByRole('row', { name: /Invited an administrator/ }).waitFor()
  await look('audit', page)
  await page.goto(`${panelAt(product)}/nowhere`)
  await heading(page, 'There is no such page').waitFor()
  await look('nowhere', page)
}
