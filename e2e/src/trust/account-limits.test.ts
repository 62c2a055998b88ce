import { describe, expect, it } from 'vitest'
import { expectProblem } from '../expectations.js'
import { freshNumber, person } from '../people.js'
import { guarded } from './guarded.js'
import { atOnce, expectRefusedFor, statuses } from './refusals.js'

describe('limits by account', () => {
  const { server, client, join, database } = guarded({
    env: { TURN_URLS: 'turn:127.0.0.1:3478', TURN_SECRET: 'a secret of thirty-two characters' },
  })

  it('look-ups of numbers: 20, then 4 an hour, whatever comes of them and from wherever', async () => {
    const { token } = await join()
    const [friend, taken] = [await join(), await join()]
    const add = (contact_phonenumber: string) =>
      client().rest('POST', '/add_contact', { token, body: { contact_phonenumber } })
    const take = (phonenumber: string) =>
      client().rest('PUT', '/put_phonenumber', { token, body: { phonenumber } })
    expect((await add(friend.phone_number)).status).toBe(201)
    for (let n = 0; n < 9; n++) expectProblem(await add(freshNumber()), 404, 'user_not_found')
    expectProblem(await add(friend.phone_number), 409, 'contact_exists')
    for (let n = 0; n < 9; n++) expectProblem(await take(taken.phone_number), 409, 'phone_number_taken')
    expectProblem(await take(freshNumber()), 429, 'rate_limited')
    const ask = () => add(freshNumber())
    expectProblem(await expectRefusedFor(900, 'rate_limited', ask, await database()), 404, 'user_not_found')
    expectProblem(await ask(), 429, 'rate_limited')
  })

  it('of 100 look-ups at once 20 are answered', async () => {
    const { token } = await join()
    const answers = await atOnce(100, () =>
      client().rest('POST', '/add_contact', { token, body: { contact_phonenumber: freshNumber() } }),
    )
    expect(statuses(answers)).toEqual({ 404: 20, 429: 80 })
  })

  it('1,000 contacts', async () => {
    const ada = await join()
    const { people, query } = await database()
    const others = await people(1_001, ada)
    await query(
      `insert into contacts (id, owner_id, contact_id, created_at)
       select gen_random_uuid(), o.id, c.id, now() from users o, users c
       where o.email = $1 and c.email = any($2::text[])`,
      [ada.email, others.slice(0, 999).map(({ email }) => email)],
    )
    const add = (n: number) =>
      client().rest('POST', '/add_contact', {
        token: ada.token,
        body: { contact_phonenumber: others[n]?.phone_number },
      })
    const answers = await Promise.all([add(999), add(1_000)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 429])
    const { body } = await client().rest('GET', '/get_contacts', { token: ada.token })
    expect(body.contacts).toHaveLength(1_000)
  })

  it('credentials for the relay: 10, then one a minute; their user name tells nothing', async () => {
    const account = await join()
    const ask = () => client().rest('GET', '/get_turn_credentials', { token: account.token })
    const answers = await atOnce(40, ask)
    expect(statuses(answers)).toEqual({ 200: 10, 429: 30 })
    const { ttl, ice_servers } = answers.find(({ status }) => status === 200)?.body ?? {}
    expect(ttl).toBe(3_600)
    expect(JSON.stringify(ice_servers)).not.toContain(account.phone_number)
    expect((await expectRefusedFor(60, 'rate_limited', ask, await database())).status).toBe(200)
  })

  it('passwords: who finds 64 waiting is told to come back, and others are served meanwhile', async () => {
    const health: number[] = []
    let flooding = true
    const watch = (async () => {
      while (flooding) {
        const since = performance.now()
        expect((await client().rest('GET', '/health/live')).status).toBe(200)
        health.push(performance.now() - since)
      }
    })()
    const answers = await atOnce(300, () => client().rest('POST', '/create_user', { body: person() }))
    flooding = false
    await watch
    const { 201: served = 0, 503: shed = 0, ...others } = statuses(answers)
    expect(others).toEqual({})
    expect(served).toBeGreaterThanOrEqual(64)
    expect(shed).toBeGreaterThan(0)
    for (const each of answers.filter(({ status }) => status === 503)) {
      expectProblem(each, 503, 'service_unavailable')
      expect(each.headers['retry-after']).toMatch(/^[1-9]\d*$/)
    }
    expect(Math.max(...health)).toBeLessThan(2_000)
    expect(server.logs()).not.toMatch(/"level":(50|60|"error"|"fatal")/)
  })
})
