import { describe, expect, it } from 'vitest'
import { phone } from './deeds.js'
import { phones } from './stage.js'

const { visitor, pair } = phones({
  env: { RING_TIMEOUT_SECONDS: '20' },
  turnSecret: 'coturn was given another one than the server',
})

describe('what goes wrong is said in plain words', () => {
  it('a relay that refuses the secret', async () => {
    const [ada, ben] = await pair()
    await phone.dial(ada.page, ben.who.phone_number)
    await ada.page.getByRole('alert').getByText('the TURN secret is wrong').waitFor()
    await phone.hangUp(ada.page)
    await phone.isIdle(ada.page)
  })

  it('a microphone that the browser refuses: nothing rings, and the ways on are there', async () => {
    const [ada, ben] = [await visitor(true, { mayUse: [] }), await visitor(true)]
    await phone.dial(ada.page, ben.who.phone_number, true)
    const failure = ada.page.getByRole('alertdialog', { name: 'The call could not begin' })
    await failure.getByText('does not let this page use the microphone or camera').waitFor()
    await ada.context.grantPermissions(['microphone', 'camera'])
    await failure.getByRole('button', { name: 'Go on without camera' }).click()
    await phone.answer(ben.page)
    for (const { page } of [ada, ben]) await phone.isConnected(page)
    expect(await ada.page.locator('video').count()).toBe(0)
    await phone.hangUp(ben.page)
  })

  it('a microphone refused to the callee: it rings on, and can be answered after all', async () => {
    const [ada, ben] = [await visitor(true), await visitor(true, { mayUse: [] })]
    await phone.dial(ada.page, ben.who.phone_number)
    await phone.answer(ben.page)
    const failure = ben.page.getByRole('alertdialog', { name: 'The call could not begin' })
    await failure.waitFor()
    await ben.context.grantPermissions(['microphone'])
    await failure.getByRole('button', { name: 'Try again' }).click()
    for (const { page } of [ada, ben]) await phone.isConnected(page)
    await phone.hangUp(ben.page)
    await phone.isIdle(ada.page)
  })

  it('nobody answers: the caller is told, the callee has missed a call and calls back', {
    timeout: 60_000,
  }, async () => {
    const [ada, ben] = await pair()
    await phone.dial(ada.page, ben.who.phone_number)
    await phone.ringing(ben.page).waitFor()
    await phone.over(ada.page).getByText('No answer', { exact: true }).waitFor()
    await phone.go(ben.page, 'Recents')
    await ben.page.getByText('Incoming, Missed').waitFor()
    await ben.page.getByRole('button', { name: /^Call .* back$/ }).click()
    await phone.answer(ada.page)
    for (const { page } of [ada, ben]) await phone.isConnected(page)
    await phone.hangUp(ben.page)
    await phone.isIdle(ada.page)
  })

  it('a number that is taken, a password that is wrong, a form that is not filled in', async () => {
    const ada = await visitor(true)
    const stranger = await visitor(false)
    const { page } = stranger
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByText('Please fill this in.').first().waitFor()
    await page.getByLabel('Email').and(page.locator(':focus')).waitFor()
    await page.getByLabel('Email').fill(ada.who.email)
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').getByText('Email or password is wrong.').waitFor()
    await page.getByRole('button', { name: 'New here? Create an account' }).click()
    await page.getByLabel('First name').fill('Eve')
    await page.getByLabel('Last name').fill('Stone')
    await page.getByLabel('Phone number').fill(ada.who.phone_number)
    await page.getByLabel('Email').fill('eve@example.org')
    await page.getByLabel('Password', { exact: true }).fill('marigold kestrel')
    await page.getByRole('button', { name: 'Create an account' }).click()
    await page.getByRole('alert').getByText('has an account already').waitFor()
  })
})
