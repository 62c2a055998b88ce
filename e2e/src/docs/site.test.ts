import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from '../chromium.js'
import { faultsOf } from '../faults-of-page.js'
import { visit } from '../phone/browser.js'
import { root } from '../product.js'
import { running } from '../running.js'

const run = promisify(execFile)

/** To build takes seven seconds of one processor, and longer where others want it too. */
beforeAll(() => run(process.execPath, ['docs/.vitepress/build.mjs'], { cwd: root }), 240_000)

let browser: Browser
const server = running({
  env: async () => {
    browser = await launch()
    return {}
  },
})
afterAll(() => browser?.close())

const at = (page = '') => `${server.api}/docs/guide/${page}`
/** A reader; what scripts, the policy of the page, or requests to elsewhere do wrong is a fault. */
const reader = (path = '', options = {}) =>
  visit(browser, at(path), { at: at(path), ...options, reducedMotion: 'reduce' })
const own = (faults: readonly string[]) => faults.filter(each => !each.startsWith(`asks ${server.api}/`))

/** Where the navigation leads. */
const linksOf = (page: Page) =>
  page.evaluate<string[]>(`[...document.querySelectorAll('.VPSidebar a')].map(link => link.href)`)

describe('the site of the documents', { timeout: 300_000 }, () => {
  it('every page: axe finds nothing, narrow and wide, by day and by night, and nothing stands out', async () => {
    const { page, context, faults } = await reader()
    const links = await linksOf(page)
    expect(links.length).toBeGreaterThanOrEqual(15)
    const wrong: string[] = []
    for (const link of [at(), ...links]) {
      await page.goto(link)
      await page.getByRole('heading', { level: 1 }).waitFor()
      for (const each of await faultsOf(page)) wrong.push(`${link.replace(server.api, '')} ${each}`)
    }
    expect(wrong).toEqual([])
    expect(own(faults)).toEqual([])
    await context.close()
  })

  it('by keyboard alone: one looks for a word, and comes to the place', async () => {
    const { page, context, faults } = await reader()
    await page.keyboard.press('Tab')
    await page.getByRole('link', { name: 'Skip to content' }).and(page.locator(':focus')).waitFor()
    await page.keyboard.press('Control+k')
    await page.locator('#localsearch-input:focus').waitFor()
    await page.keyboard.type('answered_elsewhere')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\w\.html#/)
    await page.locator('main').getByText('answered_elsewhere').first().waitFor()
    expect(own(faults)).toEqual([])
    await context.close()
  })

  it('leads from page to page, and to a heading in another', async () => {
    const { page, context } = await reader()
    const main = page.locator('main')
    await main.getByRole('link', { name: 'Start in one minute' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Start in one minute' }).waitFor()
    await main.getByRole('link', { name: 'What goes wrong in practice' }).first().click()
    await main.getByRole('link', { name: 'plain messages' }).click()
    await page.waitForURL(/plain-messages\.html#in-a-browser$/)
    await page.goto(at('sdk.html'))
    await main.getByRole('link', { name: 'docs/protocol.md' }).click()
    await page.getByRole('heading', { level: 1, name: 'The signaling protocol' }).waitFor()
    await context.close()
  })

  it('leads to the API and back', async () => {
    const { page, context } = await reader()
    await page.getByRole('link', { name: 'Try the API' }).click()
    await page.getByRole('link', { name: 'Guides and reference' }).click()
    await page.getByRole('heading', { level: 1, name: 'Switchboard' }).waitFor()
    await context.close()
  })
})
