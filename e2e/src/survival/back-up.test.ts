import { exec, execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectDevice, type Device } from '../device.js'
import { establish, expectHangUp, ring } from '../expectations.js'
import { binaries, type Postgres, startPostgres } from '../postgres.js'
import { type Product, type ProductOptions, startProduct } from '../product.js'
import { request } from '../rest-client.js'
import { running } from '../running.js'
import { switchboard } from '../trust/operator.js'
import { type Acts, busyPeople, missingIn } from './busy-people.js'

const run = promisify(execFile)
const pairs = 2

/** The embedded database of a running product, as who reads its password. */
async function embeddedUrl(dir: string): Promise<string> {
  const password = await readFile(join(dir, 'data', 'postgres', 'password'), 'utf8')
  const host = encodeURIComponent(join(dir, 'data', 'postgres', 'run'))
  return `postgres://switchboard:${password}@/switchboard?host=${host}`
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, options: '-c timezone=UTC' })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

/** Rows that point to a row which is not there, by constraint. */
async function danglingRows(url: string): Promise<{ constraints: number; dangling: string[] }> {
  const keys = await query(
    url,
    `select conname, conrelid::regclass::text as "from", confrelid::regclass::text as "to",
       (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) as key,
       (select attname from pg_attribute where attrelid = confrelid and attnum = confkey[1]) as target
     from pg_constraint where contype = 'f'`,
  )
  const dangling: string[] = []
  for (const { conname, from, to, key, target } of keys) {
    const where = `f.${key} is not null and not exists (select from ${to} t where t.${target} = f.${key})`
    const rows = await query(url, `select from ${from} f where ${where} limit 1`)
    if (rows.length > 0) dangling.push(String(conname))
  }
  return { constraints: keys.length, dangling }
}

/** How many rows every table has, and a digest of what they say. */
async function contentOf(url: string): Promise<Record<string, unknown>> {
  const tables = await query(url, "select tablename as name from pg_tables where schemaname = 'public'")
  const content: Record<string, unknown> = {}
  for (const { name } of tables.filter(({ name }) => name !== 'schema_migrations')) {
    const digest = `md5(coalesce(string_agg(t::text, ' ' order by t::text collate "C"), ''))`
    content[String(name)] = (await query(url, `select count(*), ${digest} from ${name} t`))[0]
  }
  return content
}

let places: string
let own: Postgres
beforeAll(async () => {
  places = await mkdtemp(join(tmpdir(), 'switchboard-backup-'))
  own = await startPostgres()
})
afterAll(async () => {
  await own.stop()
  await rm(places, { recursive: true, force: true })
})

/** A server on what was restored, for as long as the work takes; it must stop with 0. */
async function served(options: ProductOptions, work: (product: Product) => Promise<void>): Promise<void> {
  const product = await startProduct(options)
  try {
    await work(product)
    await product.stop()
  } finally {
    await product.dispose()
  }
}

const historyOf = async ({ api }: Product, token: string) =>
  (await request(api, 'GET', '/get_call_history', { token })).body.calls

describe('a back-up while people call', () => {
  const server = running()
  const file = () => join(places, 'back-up.sql.gz')
  let acts: Acts
  let began = 0
  let caller: Device
  let callee: Device
  let calling: Device
  let callId = ''
  let ringingId = ''

  it('is taken without a pause', { timeout: 120_000 }, async () => {
    ;[caller, callee, calling] = [await server.device(), await server.device(), await server.device()]
    callId = await establish(caller, callee)
    ringingId = await ring(calling, await server.device())
    for (const [{ account }, row] of [
      [caller, { call_id: callId, answered_at: expect.any(String) }],
      [calling, { call_id: ringingId }],
    ] as const)
      await expect.poll(() => historyOf(server, account.token)).toMatchObject([row])
    const people = busyPeople(server, pairs)
    acts = people.acts
    await people.round()
    began = performance.now()
    const said = await switchboard(server, 'backup', file())
    const ended = performance.now()
    await people.round()
    await people.stop()
    expect(said).toMatch(/^wrote .*back-up\.sql\.gz: all of 20\S+Z, \d+ rows of \d+ tables, \d+ KiB, in/)
    expect((await stat(file())).mode & 0o777).toBe(0o600)
    expect(await readdir(places)).toEqual(['back-up.sql.gz'])
    // They were at it before, meanwhile and after.
    const moments = Object.values(acts).flatMap((each: { at: number }[]) => each.map(({ at }) => at))
    for (const [from, to] of [[0, began] as const, [began, ended] as const, [ended, Infinity] as const])
      expect(moments.some(at => at > from && at < to)).toBe(true)
    await expect(switchboard(server, 'backup', file())).rejects.toThrow('is there already')
    await expect(switchboard(server, 'restore', file())).rejects.toThrow('another Switchboard server')
  })

  it('has all that was acknowledged before it, elsewhere', { timeout: 120_000 }, async () => {
    const dir = join(places, 'elsewhere')
    await mkdir(dir)
    expect(await switchboard({ dir }, 'restore', '--check', file())).toContain('is whole')
    expect(await switchboard({ dir }, 'restore', file())).toContain('restored all of')
    await cp(join(server.dir, 'keys'), join(dir, 'keys'), { recursive: true })
    await served({ dir, env: { RESUME_WINDOW_SECONDS: '4' } }, async product => {
      // Whom a call is left to: one comes back in time, the others do not.
      const back = await connectDevice(product.signal, caller.account)
      expect(back.hello.CALLS).toMatchObject([{ CALL_ID: callId, STATE: 'established' }])
      await expectHangUp(back, 'connection_lost', callId)
      expect(await historyOf(product, caller.account.token)).toMatchObject([
        { call_id: callId, outcome: 'answered', ended_at: expect.any(String) },
      ])
      await expect
        .poll(() => historyOf(product, calling.account.token), { timeout: 10_000 })
        .toMatchObject([{ call_id: ringingId, ended_at: expect.any(String) }])
      const url = await embeddedUrl(dir)
      await expect.poll(() => query(url, "select id from calls where state <> 'ended'")).toEqual([])
      const { constraints, dangling } = await danglingRows(url)
      expect({ dangling, some: constraints > 5 }).toEqual({ dangling: [], some: true })

      const { missing, sought } = await missingIn(product.api, acts, began)
      expect(missing).toEqual([])
      expect(sought).toBeGreaterThan(8 * pairs)
      back.wire.socket.terminate()
    })
  })

  it('goes into a PostgreSQL of one’s own, by psql alone too', { timeout: 120_000 }, async () => {
    const [ours, theirs] = [await own.database('ours'), await own.database('theirs')]
    const dir = join(places, 'own')
    await mkdir(dir)
    await switchboard({ dir, databaseUrl: ours }, 'restore', file())
    await promisify(exec)(`gunzip -c ${file()} | psql "${theirs}" --quiet --set ON_ERROR_STOP=1`)
    const content = await contentOf(ours)
    expect(await contentOf(theirs)).toEqual(content)
    expect(Number((content.users as { count: string }).count)).toBeGreaterThan(2 * pairs)
    await expect(switchboard({ dir, databaseUrl: ours }, 'restore', file())).rejects.toThrow('there is data')
    await cp(join(server.dir, 'keys'), join(dir, 'keys'), { recursive: true })
    await served({ dir, env: { DATABASE_URL: theirs } }, async product => {
      expect((await missingIn(product.api, acts, began)).missing).toEqual([])
      // What came after it is not there: this would be seen.
      expect((await missingIn(product.api, acts, Number.POSITIVE_INFINITY)).missing).not.toEqual([])
    })
  })
})

it('pg_dump of one’s own PostgreSQL has it all too', { timeout: 120_000 }, async () => {
  const [live, copy] = [await own.database('live'), await own.database('copy')]
  const dir = join(places, 'live')
  const file = join(places, 'live.dump')
  let acts: Acts | undefined
  let began = 0
  await served({ dir, env: { DATABASE_URL: live } }, async product => {
    const people = busyPeople(product, pairs)
    await people.round()
    began = performance.now()
    await run(join(binaries(), 'pg_dump'), ['--format=custom', `--file=${file}`, live])
    await people.round()
    await people.stop()
    acts = people.acts
  })
  await run(join(binaries(), 'pg_restore'), ['--exit-on-error', '--no-owner', `--dbname=${copy}`, file])
  await served({ dir, env: { DATABASE_URL: copy } }, async product => {
    if (!acts) throw new Error('nobody did anything')
    const { missing, sought } = await missingIn(product.api, acts, began)
    expect({ missing, some: sought > 8 * pairs }).toEqual({ missing: [], some: true })
  })
})
