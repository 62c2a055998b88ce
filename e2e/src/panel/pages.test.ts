import { expect, it } from 'vitest'
import { faultsOf } from '../faults-of-page.js'
import { desk, slow } from './desk.js'
import { walk } from './scenes.js'
import { settings } from './scenes-of-use.js'

const { product, visitor, administrator } = desk({ env: settings })

it(
  'every page: axe finds nothing, narrow and wide, by day and by night, and nothing stands out',
  async () => {
    const seen: string[] = []
    const wrong: string[] = []
    await walk({
      product,
      come: () => visitor(),
      look: async (name, page) => {
        const size = page.viewportSize()
        seen.push(name)
        for (const each of await faultsOf(page)) wrong.push(`${name} ${each}`)
        if (size) await page.setViewportSize(size)
      },
    })
    expect(wrong).toEqual([])
    expect(seen.length).toBeGreaterThanOrEqual(14)
  },
  slow.timeout,
)

it(
  'by keyboard alone: past the navigation, to a page whose heading is read, into a dialog and back',
  async () => {
    const { page } = await administrator('Hedy', 'owner', '/administrators')
    const focused = (role: 'link' | 'button' | 'heading', name: string) =>
      page.getByRole(role, { name, exact: true }).and(page.locator(':focus'))
    /** Tab until something of that name has the focus. */
    const reach = async (role: 'link' | 'button', name: string) => {
      for (let n = 0; n < 40 && (await focused(role, name).count()) === 0; n++)
        await page.keyboard.press('Tab')
      await focused(role, name).waitFor()
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
      expect(outline, `the focus on ${name} can be seen`).toBe('solid')
    }
    await page.reload()
    await page.getByRole('button', { name: 'Change Hedy' }).waitFor()
    await reach('link', 'Skip to the content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await focused('button', 'Invite somebody').waitFor()

    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByLabel('Name').and(page.locator(':focus')).waitFor()
    for (let n = 0; n < 12; n++) {
      await page.keyboard.press('Tab')
      const isOutside = await page.evaluate(
        `!['BODY', 'HTML'].includes(document.activeElement.tagName) && !document.activeElement.closest('dialog')`,
      )
      expect(isOutside).toBe(false)
    }
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await focused('button', 'Invite somebody').waitFor()

    await reach('link', 'Audit log')
    await page.keyboard.press('Enter')
    await focused('heading', 'Audit log').waitFor()
    expect(await page.title()).toBe('Audit log · Switchboard')
    await page.goBack()
    await focused('heading', 'Administrators').waitFor()

    await page.setViewportSize({ width: 360, height: 740 })
    await reach('button', 'Menu')
    await page.keyboard.press('Enter')
    await reach('link', 'Audit log')
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Audit log' }).waitFor({ state: 'hidden' })
    await focused('button', 'Menu').waitFor()
    await page.keyboard.press('Enter')
    await reach('link', 'Audit log')
    await page.keyboard.press('Enter')
    await focused('heading', 'Audit log').waitFor()
    await page.getByRole('link', { name: 'Audit log' }).waitFor({ state: 'hidden' })
  },
  slow.timeout,
)
