import { describe, expect, it } from 'vitest'
import { faultsOf } from '../faults-of-page.js'
import { desk, slow } from './desk.js'
import { panelAt } from './entering.js'

const { product, administrator } = desk()

describe('lists in the panel, narrowed down', slow, () => {
  it('mail by its state, by keyboard, by an address that can be sent on, in Swedish too', async () => {
    const { email } = await product.join({ firstname: 'Ada', lastname: 'Lovelace' })
    const asked = await product.rest('GET', '/get_reset_password_code', { body: { email } })
    expect(asked.status).toBe(202)
    const { page } = await administrator('Operator', 'operator', '/mail')
    const row = page.getByRole('row', { name: /Reset code.*Kept/ })
    await row.waitFor()
    const state = page.getByLabel('State')
    await state.focus()
    await page.keyboard.type('Given')
    await page.getByRole('heading', { name: 'No mail in this state' }).waitFor()
    await row.waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toBe('?state=failed')
    expect(await faultsOf(page)).toEqual([])
    await page.reload()
    await page.getByRole('heading', { name: 'No mail in this state' }).waitFor()
    await page.getByRole('button', { name: 'Clear the filters' }).press('Enter')
    await row.waitFor()
    expect(new URL(page.url()).search).toBe('')
    await state.selectOption('Kept: no mail server')
    await page.waitForURL(/[?]state=kept$/)
    await row.waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.goBack()
    await page.waitForURL(/mail$/)
    expect(await state.inputValue()).toBe('')

    await page.goto(`${panelAt(product)}/account`)
    await page.getByLabel('Language').selectOption('Svenska')
    await page.goto(`${panelAt(product)}/mail?state=waiting`)
    await page.getByRole('heading', { name: 'Ingen e-post i det läget' }).waitFor()
    expect(await page.getByLabel('Läge').inputValue()).toBe('waiting')
  })
})
