import pg from 'pg'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { connectDevice } from '../device.js'
import { establish, expectHangUp } from '../expectations.js'
import { login, person, type Rest, register } from '../people.js'
import { type Postgres, startPostgres } from '../postgres.js'
import { type Product, startProduct } from '../product.js'
import { request } from '../rest-client.js'
import { type PgBouncer, startPgBouncer } from './pgbouncer.js'
import { describeWith, pgBouncer } from './services.js'

// The role's settings are those of docs/databases.md.
const setUp = [
  "create role switchboard login password 'sesame'",
  "alter role switchboard set statement_timeout = '5s'",
  "alter role switchboard set lock_timeout = '750ms'",
  "alter role switchboard set idle_in_transaction_session_timeout = '10s'",
  'create database bounced owner switchboard',
]

/** What the log says was applied to the schema. */
const migrationsIn = (logs: string) =>
  logs.split('\n').flatMap(line => {
    const { migrations } = (line.startsWith('{') ? JSON.parse(line) : {}) as { migrations?: string[] }
    return migrations ?? []
  })

describeWith('behind PgBouncer in transaction mode', pgBouncer() !== undefined, () => {
  let postgres: Postgres
  let bouncer: PgBouncer
  let server: string
  const ask = async (text: string, database = 'bounced') => {
    const client = new pg.Client({
      connectionString: Object.assign(new URL(server), { pathname: database }).href,
    })
    await client.connect()
    onTestFinished(() => client.end())
    await client.query(text)
    return client
  }
  const start = async (url = bouncer.url('bounced')) => {
    const product = await startProduct({ env: { DATABASE_URL: url } })
    onTestFinished(() => product.dispose())
    return product
  }
  const restOf =
    (product: Product): Rest =>
    (method, path, more = {}) =>
      request(product.api, method, path, more)
  const joined = async (product: Product) => {
    const who = person()
    await register(restOf(product), who)
    return { ...who, token: await login(restOf(product), who) }
  }

  beforeAll(async () => {
    postgres = await startPostgres()
    server = await postgres.database('administration')
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    for (const text of setUp) await client.query(text)
    await client.end()
    bouncer = await startPgBouncer({ server, user: 'switchboard', password: 'sesame', connections: 3 })
  })
  afterAll(async () => {
    await bouncer.stop()
    await postgres.stop()
  })

  it('two that start together migrate once; accounts and a call pass on three connections', async () => {
    const products = await Promise.all([start(), start()])
    const applied = products.flatMap(({ logs }) => migrationsIn(logs()))
    expect(applied.length).toBeGreaterThan(2)
    expect(new Set(applied).size).toBe(applied.length)
    const [product] = products
    const accounts = await Promise.all(Array.from({ length: 8 }, () => joined(product)))
    const [ada, ben] = accounts
    if (!ada || !ben) throw new Error('nobody')
    const rest = restOf(product)
    const body = { contact_phonenumber: ben.phone_number }
    expect((await rest('POST', '/add_contact', { token: ada.token, body })).status).toBe(201)
    const many = Array.from({ length: 40 }, (_, index) =>
      rest('PUT', '/put_firstname', {
        token: accounts[index % 8]?.token,
        body: { firstname: `Mara ${index}` },
      }),
    )
    for (const { status } of await Promise.all(many)) expect(status).toBe(200)

    const [caller, callee] = await Promise.all([
      connectDevice(product.signal, ada),
      connectDevice(product.signal, ben),
    ])
    const callId = await establish(caller, callee)
    expect(await caller.ask({ REASON: 'HangUp', RECEIVER_PHONE_NUMBER: ben.phone_number })).toMatchObject({
      REASON: 'ack',
    })
    await expectHangUp(callee, 'hung_up', callId)
    const { body: history } = await rest('GET', '/get_call_history', { token: ada.token })
    expect(history.calls).toEqual([expect.objectContaining({ call_id: callId, outcome: 'answered' })])

    const [pool] = (await bouncer.show('pools')).filter(({ database }) => database === 'bounced')
    expect(pool?.pool_mode).toBe('transaction')
    expect(Number(pool?.sv_active) + Number(pool?.sv_idle) + Number(pool?.sv_used)).toBeLessThanOrEqual(3)
    for (const { logs, stop } of products) {
      expect(logs()).not.toMatch(/no time limits|prepared statement/)
      await stop()
    }
  })

  it('the limits of time are the role’s: behind a locked table a request is refused in time', async () => {
    const product = await start()
    const { token } = await joined(product)
    const holder = await ask('begin; lock table users in access exclusive mode')
    const since = performance.now()
    const body = { firstname: 'Maja' }
    expect((await restOf(product)('PUT', '/put_firstname', { token, body })).status).toBe(503)
    expect(performance.now() - since).toBeLessThan(4_000)
    await holder.query('rollback')
    expect((await restOf(product)('PUT', '/put_firstname', { token, body })).status).toBe(200)
  })

  it('a role without limits of time is spoken of at the start', async () => {
    await ask('alter role switchboard in database bounced set lock_timeout = 0')
    await (await ask('select 1')).query(
      'alter role switchboard in database bounced set statement_timeout = 0',
    )
    const fresh = await startPgBouncer({ server, user: 'switchboard', password: 'sesame', connections: 3 })
    onTestFinished(() => fresh.stop())
    const product = await start(fresh.url('bounced'))
    expect(product.logs()).toMatch(/"unset":\["lock_timeout","statement_timeout"\]/)
  })

  it('a URL that does not say so is refused with what to do', async () => {
    const url = bouncer.url('bounced').replace('?pgbouncer=true', '')
    await expect(start(url)).rejects.toThrow(
      /unsupported startup parameter.*add pgbouncer=true to DATABASE_URL/,
    )
  })
})
