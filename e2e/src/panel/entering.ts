import type { Page } from 'playwright-core'
import type { Product } from '../product.js'

/** The panel by a name, as passkeys need it. */
export const panelAt = ({ admin }: Pick<Product, 'admin'>) => admin.replace('127.0.0.1', 'localhost')

export async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** The shell stands: somebody is inside. */
export const isIn = (page: Page) =>
  page.getByRole('button', { name: 'Sign out' }).waitFor({ state: 'attached' })
