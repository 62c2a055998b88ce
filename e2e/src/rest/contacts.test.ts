import { describe, expect, it } from 'vitest'
import { expectInvalid, expectProblem } from '../expectations.js'
import type { Account } from '../people.js'
import { freshNumber } from '../people.js'
import { running } from '../running.js'

describe('contacts', () => {
  const server = running()
  const add = ({ token }: Account, number: string) =>
    server.rest('POST', '/add_contact', { token, body: { contact_phonenumber: number } })
  const contacts = async ({ token }: Account, query = '') => {
    const { status, body } = await server.rest('GET', `/get_contacts${query}`, { token })
    expect(status).toBe(200)
    return body as { contacts: Record<string, unknown>[]; next_cursor: string | null }
  }

  it('names each failure', async () => {
    const [ada, ben] = [await server.join(), await server.join()]
    expectProblem(await add(ada, freshNumber()), 404, 'user_not_found')
    expectProblem(await add(ada, ada.phone_number), 400, 'cannot_add_self')
    expect((await add(ada, ben.phone_number)).status).toBe(201)
    expectProblem(await add(ada, `+${ben.phone_number}`), 409, 'contact_exists')
    const remove = (number: string) =>
      server.rest('DELETE', '/delete_contact', { token: ada.token, body: { contact_phonenumber: number } })
    expectProblem(await remove(freshNumber()), 404, 'contact_not_found')
    expect((await remove(ben.phone_number)).status).toBe(204)
    expectProblem(await remove(ben.phone_number), 404, 'contact_not_found')
    expectInvalid(await add(ada, 'not a number'))
    expectInvalid(await remove('not a number'))
  })

  it('are one-sided', async () => {
    const [ada, ben] = [await server.join(), await server.join()]
    await add(ada, ben.phone_number)
    expect((await contacts(ben)).contacts).toEqual([])
  })

  it('follow the person: a new number and name show at once', async () => {
    const [ada, ben] = [await server.join(), await server.join()]
    await add(ada, ben.phone_number)
    const number = freshNumber()
    const { token } = ben
    await server.rest('PUT', '/put_phonenumber', { token, body: { phonenumber: number } })
    await server.rest('PUT', '/put_firstname', { token, body: { firstname: 'Benedict' } })
    expect((await contacts(ada)).contacts).toEqual([
      {
        firstname: 'Benedict',
        lastname: ben.lastname,
        username: `Benedict ${ben.lastname}`,
        email: ben.email,
        phone_number: number,
      },
    ])
    expectProblem(await add(ada, number), 409, 'contact_exists')
    expectProblem(await add(ada, ben.phone_number), 404, 'user_not_found')
  })

  it('come in pages that neither miss nor repeat', async () => {
    const ada = await server.join()
    const others = await Promise.all(Array.from({ length: 7 }, () => server.join()))
    for (const other of others) expect((await add(ada, other.phone_number)).status).toBe(201)
    const seen: unknown[] = []
    let cursor: string | null = ''
    for (let page = 0; cursor !== null && page < 9; page++) {
      const query: string = cursor ? `?limit=3&cursor=${encodeURIComponent(cursor)}` : '?limit=3'
      const { contacts: some, next_cursor } = await contacts(ada, query)
      expect(some.length).toBeLessThanOrEqual(3)
      seen.push(...some.map(each => each.phone_number))
      cursor = next_cursor
    }
    expect(seen.toSorted()).toEqual(others.map(other => other.phone_number).toSorted())
    expect((await contacts(ada)).contacts).toHaveLength(7)
  })

  it.each(['?limit=0', '?limit=-1', '?limit=x', '?limit=', '?cursor=%00', '?cursor=nonsense'])(
    'refuse a page of %s',
    async query => {
      const { token } = await server.join()
      expectInvalid(await server.rest('GET', `/get_contacts${query}`, { token }))
    },
  )

  it('are added once by parallel requests', async () => {
    const [ada, ben] = [await server.join(), await server.join()]
    const answers = await Promise.all(Array.from({ length: 5 }, () => add(ada, ben.phone_number)))
    expect(answers.map(answer => answer.status).sort()).toEqual([201, 409, 409, 409, 409])
  })
})
