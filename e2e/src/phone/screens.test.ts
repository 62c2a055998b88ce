import { describe, expect, it } from 'vitest'
import { faultsOf } from '../faults-of-page.js'
import { phone } from './deeds.js'
import { walk } from './scenes.js'
import { phones, slow } from './stage.js'

const { visitor, product } = phones()
const come = (options = {}) => visitor(false, options)

it(
  'every screen: axe finds nothing, narrow and wide, by day and by night, and nothing stands out',
  async () => {
    const seen: string[] = []
    const wrong: string[] = []
    await walk({
      product: product(),
      come,
      options: { reducedMotion: 'reduce' },
      look: async (name, page) => {
        const size = page.viewportSize()
        seen.push(name)
        for (const each of await faultsOf(page)) wrong.push(`${name} ${each}`)
        if (size) await page.setViewportSize(size)
      },
    })
    expect(wrong).toEqual([])
    expect(seen.length).toBeGreaterThanOrEqual(27)
    await product().start()
  },
  slow.timeout,
)

describe('by keyboard alone', slow, () => {
  it('somebody logs in, calls, and hangs up; a dialog keeps the focus and gives it back', async () => {
    const [{ who }, ben] = [await visitor(true), await visitor(true)]
    const { page } = await come()
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    /** Tab until something of that name has the focus. */
    const reach = async (name: string) => {
      const wanted = page.getByRole('button', { name, exact: true }).and(page.locator(':focus'))
      for (let n = 0; n < 60 && (await wanted.count()) === 0; n++) await press('Tab')
      await wanted.waitFor()
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
      expect(outline, `the focus on ${name} can be seen`).toBe('solid')
    }
    await page.getByLabel('Email').focus()
    await page.keyboard.type(who.email)
    await press('Tab')
    await page.keyboard.type(who.password)
    await press('Enter')
    await phone.isIn(page)
    await reach('Add a contact')
    await press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Add a contact' })
    for (let n = 0; n < 12; n++) {
      await press('Tab')
      const isOutside = await page.evaluate(
        `!['BODY', 'HTML'].includes(document.activeElement.tagName) && !document.activeElement.closest('dialog')`,
      )
      expect(isOutside).toBe(false)
    }
    await press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Add a contact' }).and(page.locator(':focus')).first().waitFor()
    await reach('Keypad')
    await press('Enter')
    await page.getByLabel('Number to call').focus()
    await page.keyboard.type(ben.who.phone_number)
    await press('Enter')
    await phone.answer(ben.page)
    await phone.isConnected(page)
    await reach('Hang up')
    await press('Enter')
    await phone.isIdle(ben.page)
  })
})
