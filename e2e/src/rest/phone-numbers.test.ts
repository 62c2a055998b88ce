import { describe, expect, it } from 'vitest'
import { expectInvalid, expectProblem } from '../expectations.js'
import { freshNumber, person } from '../people.js'
import { running } from '../running.js'

const spaced = (digits: string) => `+(${digits.slice(0, 3)}) ${digits.slice(3, 6)}.${digits.slice(6)}-`

describe('the open numbering plan', () => {
  const server = running()
  const create = (phone_number: string) =>
    server.rest('POST', '/create_user', { body: person({ phone_number }) })

  it.each([
    ['112', '112'],
    [' 1-2.3 ', '123'],
    ['+46 (70) 123.45-67', '46701234567'],
    ['999999999999999', '999999999999999'],
    ['007', '007'],
  ])('writes %j as %s', async (written, canonical) => {
    const response = await create(written)
    expect(response.status).toBe(201)
    expect(response.body.phone_number).toBe(canonical)
  })

  it.each([
    '12',
    '1234567890123456',
    '',
    '+',
    '()-',
    '12a45',
    '1234567890;ext=1',
    '+12+34567',
    '1234+',
    '１２３４５６',
    '١٢٣٤٥٦',
    '123\u0000456',
    '123\u200b456',
    '123\n456',
    "1' or '1'='1",
    `${' '.repeat(5000)}1234`,
  ])('refuses %j', async written => {
    expectInvalid(await create(written))
    const { token } = await server.join()
    expectInvalid(await server.rest('PUT', '/put_phonenumber', { token, body: { phonenumber: written } }))
    expectInvalid(
      await server.rest('POST', '/add_contact', { token, body: { contact_phonenumber: written } }),
    )
    expectInvalid(await server.rest('PUT', '/block_number', { token, body: { phone_number: written } }))
  })

  it.each([1234567890, null, true, ['1234567890'], { digits: '1234567890' }])(
    'refuses what is not a string: %j',
    async value => {
      const body = { ...person(), phone_number: value }
      expectInvalid(await server.rest('POST', '/create_user', { body }))
    },
  )

  it('is canonical wherever a number enters', async () => {
    const [ada, ben] = [await server.join(), await server.join()]
    const { token } = ada
    const written = spaced(ben.phone_number)
    const added = await server.rest('POST', '/add_contact', { token, body: { contact_phonenumber: written } })
    expect(added.body.phone_number).toBe(ben.phone_number)
    await server.rest('PUT', '/block_number', { token, body: { phone_number: written } })
    const { body } = await server.rest('GET', '/get_blocked', { token })
    expect(body).toEqual({ blocked: [ben.phone_number] })
    const gone = await server.rest('DELETE', '/delete_contact', {
      token,
      body: { contact_phonenumber: written },
    })
    expect(gone.status).toBe(204)

    const [caller, callee] = [await server.device(ada), await server.device(ben)]
    caller.call(written, 'sdp', { SENDER_PHONE_NUMBER: spaced(ada.phone_number) })
    expect(await callee.next('call')).toMatchObject({
      SENDER_PHONE_NUMBER: ada.phone_number,
      RECEIVER_PHONE_NUMBER: ben.phone_number,
    })
  })

  it('keeps a number for one user, and gives it back when that user takes another', async () => {
    const [ada, ben] = [await server.join(), await server.join()]
    const take = (token: string, phonenumber: string) =>
      server.rest('PUT', '/put_phonenumber', { token, body: { phonenumber } })
    expectProblem(await take(ada.token, spaced(ben.phone_number)), 409, 'phone_number_taken')
    const next = freshNumber()
    expect((await take(ben.token, spaced(next))).body.phone_number).toBe(next)
    expect((await take(ada.token, ben.phone_number)).body.phone_number).toBe(ben.phone_number)
    expect((await take(ada.token, ben.phone_number)).status).toBe(200)
  })
})

describe('the e164 numbering plan', () => {
  const server = running({ env: { NUMBERING_PLAN: 'e164', DEFAULT_REGION: 'SE' } })
  const create = (phone_number: string) =>
    server.rest('POST', '/create_user', { body: person({ phone_number }) })

  it('reads national numbers of the region and writes them in full', async () => {
    const response = await create('070-174 06 05')
    expect(response.body.phone_number).toBe('+46701740605')
    expectProblem(await create('+46 70 174 06 05'), 409, 'already_registered')
  })

  it.each(['1234567890', '112', '+1', '+46 70', 'nonsense', '+999 123 456 789'])(
    'refuses %j',
    async written => {
      expectInvalid(await create(written))
    },
  )
})
