import { describe, expect, it } from 'vitest'
import { faultsOf } from '../faults-of-page.js'
import { desk, slow } from './desk.js'
import { panelAt } from './entering.js'

const { product, administrator } = desk()
const search = 'Search by part of a name, number or mail'

describe('users in the panel', slow, () => {
  it('are found while somebody types, by an address that can be sent on; the way back leads there', async () => {
    await Promise.all([
      product.join({ firstname: 'Ada', lastname: 'Lovelace' }),
      product.join({ firstname: 'Grace', lastname: 'Hopper' }),
    ])
    const { page } = await administrator('Viewer', 'viewer', '/users')
    const ada = page.getByRole('link', { name: 'Ada Lovelace' })
    const grace = page.getByRole('link', { name: 'Grace Hopper' })
    await grace.waitFor()
    await page.getByRole('searchbox', { name: search }).fill('ovela')
    await grace.waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toBe('?q=ovela')
    await page.reload()
    await ada.click()
    await page.getByRole('heading', { name: 'Ada Lovelace', level: 1 }).waitFor()
    expect(await page.getByRole('heading', { name: 'Acts' }).count(), 'a viewer does nothing').toBe(0)
    await page.goBack()
    await ada.waitFor()
    expect(await page.getByRole('searchbox', { name: search }).inputValue()).toBe('ovela')
    await page.getByRole('searchbox', { name: search }).fill('nobody is called this')
    await page.getByRole('heading', { name: 'Nobody matches' }).waitFor()
  })

  it('that many have in common: a page says that it looked at some, and the next one goes on', async () => {
    await product.join({ firstname: 'Alan', lastname: 'Turing' })
    const { page } = await administrator('Seeker', 'viewer', '/users')
    const cursor = '01890a5d-ac96-774b-bcce-b302099a8057'
    // A million users would do it as well.
    await page.route(/[/]api[/]users[?]q=turing$/, route =>
      route.fulfill({ json: { users: [], next: cursor } }),
    )
    await page.route(/[/]api[/]users[?]q=turing&cursor=/, async route => {
      expect(route.request().url()).toContain(`cursor=${cursor}`)
      await route.continue({
        url: route
          .request()
          .url()
          .replace(/&cursor=.*/, ''),
      })
    })
    await page.getByRole('searchbox', { name: search }).fill('turing')
    await page.getByRole('heading', { name: 'Nobody so far' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Older' }).press('Enter')
    await page.getByRole('link', { name: 'Alan Turing' }).waitFor()
    expect(new URL(page.url()).search).toBe(`?q=turing&cursor=${cursor}`)
  })

  it('are disabled, enabled and deleted, each after it was said what that means', async () => {
    const who = await product.join({ firstname: 'Hedy', lastname: 'Lamarr' })
    const login = () => product.rest('POST', '/login', { body: { email: who.email, password: who.password } })
    const owner = await administrator('Owner', 'owner', `/users?q=${who.phone_number}`)
    const { page } = owner
    const act = async (name: string, confirm = name) => {
      await page.getByRole('button', { name, exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: confirm, exact: true }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await page.getByRole('link', { name: 'Hedy Lamarr' }).click()
    await act('Disable')
    await page.getByText('Disabled', { exact: true }).waitFor()
    expect((await login()).status).toBe(401)
    await act('Enable')
    await page.getByText('Away', { exact: true }).waitFor()
    expect((await login()).status).toBe(200)

    const operator = await administrator('Operator', 'operator', new URL(page.url()).pathname)
    await operator.page.getByRole('button', { name: 'Log out everywhere' }).waitFor()
    expect(await operator.page.getByRole('button', { name: 'Delete the account' }).count()).toBe(0)

    const address = page.url()
    await act('Delete the account', 'Delete for good')
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor()
    await page.goto(address)
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    await page.goto(`${panelAt(product)}/audit?act=user.delete`)
    await page.getByRole('row', { name: /Owner Deleted a user/ }).waitFor()
  })
})
