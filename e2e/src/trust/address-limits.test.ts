import { randomInt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { expectProblem } from '../expectations.js'
import { person } from '../people.js'
import { freshAddress, guarded } from './guarded.js'
import { atOnce, expectRefusedFor, retryAfter, statuses } from './refusals.js'

describe('limits by address', () => {
  const { server, client, join, database } = guarded()
  const nobody = () => person().email
  const resetMail = (address: string) =>
    client(address).rest('POST', '/get_reset_password_code', { body: { email: nobody() } })
  const fail = (address: string) =>
    client(address).rest('POST', '/login', { body: { email: nobody(), password: 'Kestrel wrong' } })
  const create = (address: string) => client(address).rest('POST', '/create_user', { body: person() })

  it('10 registrations, then one in 6 minutes', async () => {
    const address = freshAddress()
    for (let n = 0; n < 10; n++) expect((await create(address)).status).toBe(201)
    const answer = await expectRefusedFor(360, 'rate_limited', () => create(address), await database())
    expect(answer.status).toBe(201)
    expectProblem(await create(address), 429, 'rate_limited')
    expect((await create(freshAddress())).status).toBe(201)
  })

  it('of 100 registrations at once, 10', async () => {
    const address = freshAddress()
    expect(statuses(await atOnce(100, () => create(address)))).toEqual({ 201: 10, 429: 90 })
  })

  it('a registration refused for its own sake does not count, one that tells who is registered does', async () => {
    const { rest } = client()
    const known = await join()
    const weak = () => rest('POST', '/create_user', { body: person({ password: 'password1' }) })
    for (let n = 0; n < 12; n++) expectProblem(await weak(), 400, 'weak_password')
    const taken = () => rest('POST', '/create_user', { body: person({ email: known.email }) })
    for (let n = 0; n < 10; n++) expectProblem(await taken(), 409, 'already_registered')
    expectProblem(await taken(), 429, 'rate_limited')
  })

  it('50 failed authentications in half an hour, over any number of accounts, at once or not', async () => {
    const address = freshAddress()
    const known = await client(address).join()
    const answers = [...(await atOnce(20, () => fail(address))), ...(await atOnce(80, () => fail(address)))]
    expect(statuses(answers)).toEqual({ 401: 50, 429: 50 })
    expectProblem(await fail(address), 429, 'too_many_attempts')
    await client().login(known)
    const body = { email: known.email, password: known.password }
    const ask = () => client(address).rest('POST', '/login', { body })
    expect((await expectRefusedFor(1_800, 'too_many_attempts', ask, await database())).status).toBe(200)
  })

  it('right passwords are not counted', async () => {
    const { rest, join } = client()
    const people = await (await database()).people(60, await join())
    const answers = await atOnce(60, n => {
      const { email, password } = people[n] ?? person()
      return rest('POST', '/login', { body: { email, password } })
    })
    expect(statuses(answers)).toEqual({ 200: 60 })
  })

  it('20 reset mails an hour', async () => {
    const address = freshAddress()
    expect(statuses(await atOnce(60, () => resetMail(address)))).toEqual({ 202: 20, 429: 40 })
    await expectRefusedFor(3_600, 'too_many_attempts', () => resetMail(address), await database())
  })

  it('600 requests in 10 seconds, whatever they ask', async () => {
    const { rest } = client()
    const since = performance.now()
    const answers = []
    for (let n = 0; n < 13; n++)
      answers.push(...(await atOnce(50, k => rest('GET', k % 2 ? '/health/live' : '/nowhere'))))
    expect(performance.now() - since, 'too slow to tell').toBeLessThan(10_000)
    expect(statuses(answers)).toEqual({ 200: 300, 404: 300, 429: 50 })
    expect(answers[0]?.headers['x-ratelimit-limit']).toBe('600')
    const refusal = await rest('GET', '/health/live')
    expectProblem(refusal, 429, 'rate_limited')
    expect(retryAfter(refusal)).toBeLessThanOrEqual(10)
    expect((await client().rest('GET', '/health/live')).status).toBe(200)
  })

  it('an IPv6 network of 64 bits is one address, its neighbour another', async () => {
    const within = (n: number) => `2001:db8:7:1:${n.toString(16)}:${randomInt(0xffff).toString(16)}::1`
    const answers = await atOnce(60, n => resetMail(within(n)))
    expect(statuses(answers)).toEqual({ 202: 20, 429: 40 })
    expect((await resetMail('2001:db8:7:2::1')).status).toBe(202)
  })

  it.each([
    ['IPv6', ['2001:db8:7:3::1', '2001:DB8:7:3::1', '2001:0db8:0007:0003:0:0:0:1', '[2001:db8:7:3::1]:4711']],
    [
      'IPv4',
      ['192.0.2.9', '::ffff:192.0.2.9', '::FFFF:C000:0209', '0:0:0:0:0:ffff:c000:209', '192.0.2.9:80'],
    ],
  ])('an %s address is one, however it is spelt', async (_family, spellings) => {
    const answers = await atOnce(40, n => resetMail(spellings[n % spellings.length] ?? ''))
    expect(statuses(answers)).toEqual({ 202: 20, 429: 20 })
  })

  it('what a client writes to the left of its address counts for nothing', async () => {
    const address = freshAddress()
    const answers = await atOnce(60, n => resetMail(`203.0.113.${n}, 2001:db8::${n}, ${address}`))
    expect(statuses(answers)).toEqual({ 202: 20, 429: 40 })
  })

  it('whose address cannot be read share one', async () => {
    const answers = await atOnce(40, n => resetMail(`nonsense-${n}`))
    expect(statuses(answers)).toEqual({ 202: 20, 429: 20 })
  })

  it('says nothing of limits at the start when they are on', () => {
    expect(server.logs()).not.toMatch(/RATE_LIMITS/)
  })
})

describe('without a proxy', () => {
  const { server, client } = guarded({ env: { TRUST_PROXY: 'off' } })

  it('X-Forwarded-For counts for nothing', async () => {
    const body = () => ({ email: person().email })
    const answers = await atOnce(40, () =>
      client().rest('POST', '/get_reset_password_code', { body: body() }),
    )
    expect(statuses(answers)).toEqual({ 202: 20, 429: 20 })
  })

  it('RATE_LIMITS=off is said loudly at the start, and holds', async () => {
    await server.stop()
    const before = server.logs().length
    await server.start({ RATE_LIMITS: 'off' })
    const lines = server.logs().slice(before).split('\n')
    const loud = lines.filter(line => line.includes('RATE_LIMITS'))
    expect(loud).toHaveLength(1)
    expect(JSON.parse(loud[0] ?? '')).toMatchObject({ level: expect.toSatisfy(isLoud) })
    const answers = await atOnce(30, () =>
      server.rest('POST', '/get_reset_password_code', { body: { email: person().email } }),
    )
    expect(statuses(answers)).toEqual({ 202: 30 })
  })
})

/** As pino writes warnings and worse, by name or by number. */
const isLoud = (level: unknown) => ['warn', 'error', 40, 50].includes(level as string | number)
