import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'
import { createLogger } from '../log.js'
import type { ServerAddress } from './connection.js'
import { type Database, statement } from './database.js'
import { openDatabase } from './pg-database.js'
import './testing-setup.js'

export interface TestDatabase {
  readonly database: Database
  readonly connection: ServerAddress
  /** The same for `DATABASE_URL` and psql. */
  readonly url: string
  close(): Promise<void>
}

/** A fresh, migrated database on the PostgreSQL that vitest's global setup started. */
export async function testDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const { template, ...server } = inject('testPostgres')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const from = options.migrated === false ? 'template0' : template
  await administer(`create database ${name} template ${from} strategy file_copy`)
  const connection = { ...server, database: name }
  const database = openDatabase({ connection, log: createLogger('silent') })
  return {
    database,
    connection,
    url: urlOf(connection),
    close: async () => {
      await database.close()
      await administer(`drop database ${name} with (force)`)
    },
  }
}

async function administer(text: string): Promise<void> {
  const { template: _, ...server } = inject('testPostgres')
  const client = new Client({ ...server, database: 'postgres' })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

/** A socket's directory is no host name: it goes into the query. */
function urlOf({ host, port, user, password, database }: ServerAddress): string {
  const url = new URL(`postgresql://localhost/${database}`)
  url.username = user
  url.password = password
  if (host.startsWith('/')) {
    url.searchParams.set('host', host)
    url.searchParams.set('port', String(port))
  } else {
    url.hostname = host
    url.port = String(port)
  }
  return url.href
}

const catalogue = statement<{ line: string }>(
  'testing.catalogue',
  `select concat_ws(' ', 'column', table_name, ordinal_position, column_name, data_type, is_nullable, column_default) as line
     from information_schema.columns where table_schema = 'public'
   union all
   select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
     from pg_constraint where connamespace = 'public'::regnamespace
   union all
   select concat_ws(' ', 'index', indexdef) from pg_indexes where schemaname = 'public'
   union all
   select concat_ws(' ', 'object', relkind, relname, reloptions::text)
     from pg_class where relnamespace = 'public'::regnamespace
   union all
   select concat_ws(' ', 'trigger', event_object_table, trigger_name, action_timing, event_manipulation, action_statement)
     from information_schema.triggers where trigger_schema = 'public'
   union all
   select concat_ws(' ', 'migration', version, name, checksum) from schema_migrations
   order by line`,
)

/** Everything in the schema, a line each: two databases with the same lines are made alike. */
export async function schemaOf({ database }: TestDatabase): Promise<string[]> {
  return (await database.query(catalogue)).map(({ line }) => line)
}
