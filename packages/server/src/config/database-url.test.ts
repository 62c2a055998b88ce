import { describe, expect, test } from 'vitest'
import { loadConfig } from '../config.js'
import { BadValue } from './config-error.js'
import { readDatabaseUrl } from './database-url.js'

const urls = (written: string) => readDatabaseUrl(written).servers.map(({ url }) => url)

describe('one server', () => {
  test.each([
    'postgresql://u:p@h:5432/db?sslmode=verify-full&sslrootcert=/ca.pem',
    'postgres:///db?host=/var/run/postgresql',
    'postgresql://u:p%40ss@[::1]:5432/db?options=-c%20default_int_size%3D4',
    'postgresql://',
  ])('is left as it was written: %s', written => {
    expect(readDatabaseUrl(written)).toMatchObject({ wanted: 'any', pooled: false, shuffled: false })
    expect(urls(written)).toEqual([written])
  })

  test('is asked what it is when the URL says so', () => {
    const read = readDatabaseUrl('postgresql://h/db?sslmode=disable&target_session_attrs=primary')
    expect(read).toMatchObject({
      wanted: 'primary',
      servers: [{ name: 'h', url: 'postgresql://h/db?sslmode=disable' }],
    })
  })

  test('behind PgBouncer is told by the URL', () => {
    expect(readDatabaseUrl('postgresql://h/db?pgbouncer=true').pooled).toBe(true)
    expect(readDatabaseUrl('postgresql://h/db?pgbouncer=false').pooled).toBe(false)
  })
})

describe('several servers', () => {
  test('share login, database and parameters, and one that writes is wanted', () => {
    const read = readDatabaseUrl(
      'postgresql://u:p@a:5432,b:5433,[::1]:5434/db?sslmode=require&pgbouncer=true',
    )
    expect(read).toEqual({
      servers: [
        { name: 'a:5432', url: 'postgresql://u:p@a:5432/db?sslmode=require' },
        { name: 'b:5433', url: 'postgresql://u:p@b:5433/db?sslmode=require' },
        { name: '[::1]:5434', url: 'postgresql://u:p@[::1]:5434/db?sslmode=require' },
      ],
      wanted: 'read-write',
      shuffled: false,
      pooled: true,
    })
  })

  test('may stand in the query, with a port each or one for all', () => {
    expect(urls('postgresql:///db?host=/run/a,b&port=1,2')).toEqual([
      'postgresql:///db?host=%2Frun%2Fa&port=1',
      'postgresql:///db?host=b&port=2',
    ])
    expect(urls('postgresql:///db?host=a,b&port=1')).toEqual([
      'postgresql:///db?host=a&port=1',
      'postgresql:///db?host=b&port=1',
    ])
    expect(urls('postgresql:///db?host=a,b')).toEqual(['postgresql:///db?host=a', 'postgresql:///db?host=b'])
  })

  test('of which any will do are taken in any order when asked', () => {
    const url = 'postgresql://a,b/db?target_session_attrs=any&load_balance_hosts=random'
    expect(readDatabaseUrl(url)).toMatchObject({ wanted: 'any', shuffled: true })
  })
})

test.each([
  ['postgresql://a,,b/db', /without a host/],
  ['postgresql:///db?host=a,b,c&port=1,2', /3 hosts and 2 ports/],
  [
    'postgresql://a,b/db?target_session_attrs=standby',
    /target_session_attrs other than any, read-write, primary/,
  ],
  ['postgresql://a/db?pgbouncer=yes', /pgbouncer other than true, false/],
  ['postgresql://a/db?load_balance_hosts=on', /load_balance_hosts other than/],
  ['mysql://a/db', /not a PostgreSQL URL/],
])('%s is refused', (written, reason) => {
  expect(() => readDatabaseUrl(written)).toThrow(reason)
  expect(() => readDatabaseUrl(written)).toThrow(BadValue)
})

describe('DATABASE_URL', () => {
  const load = (url: string) =>
    loadConfig({ DATABASE_URL: url }, () => {
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    })

  test('may name several servers', () => {
    const url = 'postgresql://u:p@a:5432,b:5433/db?target_session_attrs=read-write'
    expect(load(url).databaseUrl).toBe(url)
  })

  test.each([
    'postgresql://u:sesame@a:5432,b:99999/db',
    'postgresql://u:sesame@a,b/db?target_session_attrs=prefer-standby',
    'postgresql://u:ses#ame@a,b/db',
  ])('is refused without being shown: %s', url => {
    expect(() => load(url)).toThrow(/^DATABASE_URL: the value \(not shown\) /)
    expect(() => load(url)).not.toThrow(/sesame/)
  })
})
