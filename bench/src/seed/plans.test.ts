import { type Postgres, startPostgres } from '@switchboard/e2e/postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keyFaults, planFaults } from './plans.js'

let postgres: Postgres
let client: pg.Client
beforeAll(async () => {
  postgres = await startPostgres()
  client = new pg.Client(await postgres.database('plans'))
  await client.connect()
  await client.query(`create table people (id int primary key, number text, friend int references people);
    insert into people select n, n::text from generate_series(1, 20000) n; analyze people`)
})
afterAll(async () => {
  await client?.end()
  await postgres?.stop()
})

test('a walk through a table is found, a look-up is not', async () => {
  const faults = await planFaults(
    client,
    new Map([
      ['by id', 'select number from people where id = $1'],
      ['by number', 'select id from people where number = $1'],
      [
        'with it',
        'with found as (select id from people where number = $1) delete from people where id in (table found)',
      ],
      ['broken', 'select id from nobody'],
    ]),
    {},
  )
  expect(faults).toEqual([
    { statement: 'by number', why: 'walks through people whole' },
    { statement: 'with it', why: 'walks through people whole' },
    { statement: 'broken', why: 'relation "nobody" does not exist' },
  ])
})

test('a list that is not served by its index is found, and one that is gone', async () => {
  const list = 'select id from people where id < $1 order by id desc limit 50'
  const wanted = { list: 'people_pkey', other: 'people_number', gone: 'people_pkey' }
  expect(
    await planFaults(
      client,
      new Map([
        ['list', list],
        ['other', list],
      ]),
      wanted,
    ),
  ).toEqual([
    { statement: 'gone', why: 'is no statement any more' },
    { statement: 'other', why: 'is not served by people_number' },
  ])
})

test('a foreign key that cannot be followed back is found', async () => {
  expect(await keyFaults(client)).toEqual([
    { statement: 'people_friend_fkey', why: 'has no index on people' },
  ])
  await client.query('create index on people (friend)')
  expect(await keyFaults(client)).toEqual([])
})
