import { describe, expect, it } from 'vitest'
import { desk, slow } from './desk.js'
import { panelAt } from './entering.js'

const { product, administrator } = desk()

describe('calls in the panel', slow, () => {
  it('are seen while they go on, ended, and looked into afterwards', async () => {
    const ada = await product.device(await product.join({ firstname: 'Ada', lastname: 'Lovelace' }))
    const ben = await product.device(await product.join({ firstname: 'Ben', lastname: 'Franklin' }))
    const { page } = await administrator('Operator', 'operator', '/calls/live')
    await page.getByRole('heading', { name: 'No call is going on' }).waitFor()
    ada.call(ben.number)
    await ben.next('call')
    const row = page.getByRole('row', { name: /Ada Lovelace.*Ben Franklin/ })
    await row.getByText('Ringing').waitFor()
    ben.accept(ada.number)
    await row.getByText('In a call').waitFor()
    await row.getByRole('button', { name: 'End' }).click()
    const dialog = page.getByRole('dialog', { name: 'End the call' })
    await dialog.getByText('Ada Lovelace calls Ben Franklin.').waitFor()
    await dialog.getByRole('button', { name: 'End the call' }).click()
    await Promise.all([ada, ben].map(each => each.until('its end', ({ REASON }) => REASON === 'HangUp')))
    await page.getByRole('heading', { name: 'No call is going on' }).waitFor()

    await page.goto(`${panelAt(product)}/calls`)
    await page.getByRole('row', { name: /Ended by an operator/ }).waitFor()
    await page.getByLabel('Outcome').selectOption('Busy')
    await page.getByRole('heading', { name: 'No call matches' }).waitFor()
    expect(new URL(page.url()).search).toBe('?cause=busy')
    await page.getByRole('button', { name: 'Clear the filters' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download as CSV' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/\.csv$/)

    await page.locator('.row-link').first().click()
    await page.getByRole('heading', { name: 'Ada Lovelace calls Ben Franklin', level: 1 }).waitFor()
    await page.getByText(/It rang on 1 device, .* An operator ended it\./).waitFor()
    for (const step of [
      'The caller’s device placed the call',
      'A device was given the ring',
      'The call ended',
    ])
      await page.getByRole('listitem').filter({ hasText: step }).first().waitFor()
  })
})
