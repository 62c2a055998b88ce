import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../log.js'
import type { Migration } from './migration-files.js'
import { readMigrations } from './migration-files.js'
import { migrate } from './migrations.js'
import { onlineIndexesOf } from './online-indexes.js'
import { testDatabase } from './testing.js'

const log = createLogger('silent')
const migration = (version: number, sql: string): Migration => ({
  ...{ version, name: `step_${version}`, sql, checksum: `${version}: ${sql}` },
})
const people = migration(1, 'create table people (n integer)')
const search = migration(2, '-- found by number\ncreate index people_n on people (n);\n')

/** A table of people, and a connection as that of a server which goes on while the next one starts. */
async function serving() {
  const { connection, close } = await testDatabase({ migrated: false })
  const open: Client[] = []
  onTestFinished(async () => {
    for (const client of open) await client.end()
    await close()
  })
  const connect = async () => {
    const client = new Client({ ...connection })
    client.on('error', () => {})
    await client.connect()
    open.push(client)
    return client
  }
  await migrate({ connection, log, migrations: [people] })
  const writer = await connect()
  const states = async () =>
    (
      await writer.query(
        "select indisvalid as valid from pg_index where indexrelid = to_regclass('people_n')",
      )
    ).rows
  /** Until the making of the index waits for whoever writes. */
  const waiting = async () => {
    for (;;) {
      const { rows } = await writer.query<{ pid: number }>(
        "select pid from pg_stat_progress_create_index where datname = current_database() and phase like 'waiting for %'",
      )
      if (rows[0]) return rows[0].pid
      await sleep(5)
    }
  }
  const upgrade = () => migrate({ connection, log, migrations: [people, search] })
  return { connection, connect, writer, states, waiting, upgrade }
}

test('people register while the index is made', async () => {
  const { connect, writer, states, waiting, upgrade } = await serving()
  const slow = await connect()
  await slow.query('begin; insert into people values (1)')
  const upgraded = upgrade()
  await waiting()
  // An index that is made in a transaction would hold this back for as long as it takes.
  await writer.query("set lock_timeout = '2s'; insert into people values (2)")
  expect(await states()).toEqual([{ valid: false }])
  await slow.query('commit')
  expect(await upgraded).toEqual(['0002_step_2'])
  expect(await states()).toEqual([{ valid: true }])
  await writer.query('set enable_seqscan = off')
  expect((await writer.query('select n from people where n in (1, 2) order by n')).rows).toEqual([
    { n: 1 },
    { n: 2 },
  ])
})

test('what is left of an index whose making was cut short is made anew', async () => {
  const { connect, writer, states, waiting, upgrade } = await serving()
  const slow = await connect()
  await slow.query('begin; insert into people values (1)')
  const cut = expect(upgrade()).rejects.toThrow()
  await writer.query('select pg_terminate_backend($1)', [await waiting()])
  await cut
  await slow.query('commit')
  expect(await states()).toEqual([{ valid: false }])
  expect(await upgrade()).toEqual(['0002_step_2'])
  expect(await states()).toEqual([{ valid: true }])
  expect(await upgrade()).toEqual([])
})

test('an index that is still made for a node that died is waited for, not made twice', async () => {
  const { connect, writer, states, waiting, upgrade } = await serving()
  const slow = await connect()
  const dead = await connect()
  await slow.query('begin; insert into people values (1)')
  const made = dead.query('create index concurrently people_n on people (n)')
  await waiting()
  const { rows: before } = await writer.query("select to_regclass('people_n')::oid as oid")
  const upgraded = upgrade()
  await slow.query('commit')
  await made
  expect(await upgraded).toEqual(['0002_step_2'])
  expect(await states()).toEqual([{ valid: true }])
  expect((await writer.query("select to_regclass('people_n')::oid as oid")).rows).toEqual(before)
})

test('five nodes that start together make it once, and none holds up another', async () => {
  const { connect, waiting, states, upgrade } = await serving()
  const slow = await connect()
  await slow.query('begin; insert into people values (1)')
  const upgrades = Array.from({ length: 5 }, upgrade)
  await waiting()
  await slow.query('commit')
  expect((await Promise.all(upgrades)).flat()).toEqual(['0002_step_2'])
  expect(await states()).toEqual([{ valid: true }])
})

test('a database where the index was made in a transaction is up to date', async () => {
  const { writer, upgrade } = await serving()
  await writer.query('create index people_n on people (n)')
  await writer.query('insert into schema_migrations (version, name, checksum) values (2, $1, $2)', [
    search.name,
    search.checksum,
  ])
  expect(await upgrade()).toEqual([])
})

test('an index that cannot be made stops the start, by the name of its migration', async () => {
  const { connection } = await serving()
  const broken = migration(2, 'create index people_m on people (m);')
  await expect(migrate({ connection, log, migrations: [people, broken] })).rejects.toThrow(
    /^migration 0002_step_2 failed: column "m" does not exist$/,
  )
})

test('only what makes indexes and nothing else goes without a transaction', async () => {
  expect(onlineIndexesOf('create unique index a on b (c);\ncreate index d on b (e) where f;')).toEqual([
    { name: 'a', create: 'create unique index concurrently a on b (c)' },
    { name: 'd', create: 'create index concurrently d on b (e) where f' },
  ])
  for (const sql of [
    'create table a (b int);\ncreate index c on a (b);',
    'drop index c;',
    '-- nothing',
    '',
  ]) {
    expect(onlineIndexesOf(sql)).toBeUndefined()
  }
  const online = (await readMigrations()).filter(({ sql }) => onlineIndexesOf(sql))
  expect(online.map(({ name }) => name)).toContain('user_search')
})
