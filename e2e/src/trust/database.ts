import { randomBytes, randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Account, Person } from '../people.js'
import type { Product } from '../product.js'

type Row = Readonly<Record<string, unknown>>

/** The embedded PostgreSQL of a product, as who owns its data directory sees it. */
export interface Database {
  query(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** Every row of every table as text, by table: what a dump shows. */
  dump(): Promise<ReadonlyMap<string, readonly string[]>>
  /** Lets time pass for every limit that the database counts. */
  elapse(seconds: number): Promise<void>
  /** People with the password of `template`, without the work of registering them. */
  people(count: number, template: Account): Promise<Person[]>
  close(): Promise<void>
}

export async function openDatabase({ dir }: Pick<Product, 'dir'>): Promise<Database> {
  const cluster = join(dir, 'data', 'postgres')
  const [, , , port, socketDirectory, address] = (
    await readFile(join(cluster, 'data', 'postmaster.pid'), 'utf8')
  ).split('\n')
  const client = new pg.Client({
    host: socketDirectory?.trim() || address?.trim() || '',
    port: Number(port),
    user: 'switchboard',
    database: 'switchboard',
    password: await readFile(join(cluster, 'password'), 'utf8'),
  })
  await client.connect()
  client.on('error', () => {}) // the product may end before the test does

  const query: Database['query'] = async (text, values = []) =>
    (await client.query<Row>(text, [...values])).rows

  return {
    query,

    async dump() {
      const names = await query(
        `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
      )
      const tables = new Map<string, readonly string[]>()
      for (const { name } of names) {
        const rows = await query(`select t::text as row from ${client.escapeIdentifier(String(name))} t`)
        tables.set(
          String(name),
          rows.map(({ row }) => String(row)),
        )
      }
      return tables
    },

    async elapse(seconds) {
      const by = Math.round(seconds * 1e6)
      await query(
        `update throttles set arrival = arrival - $1, recovered_at = recovered_at - $1,
           stamps = array(select stamp - $1::bigint from unnest(stamps) with ordinality s (stamp, n) order by n)`,
        [by],
      )
      await query('update failed_logins set next_at = next_at - $1, seen_at = seen_at - $1', [by])
    },

    async people(count, template) {
      const { firstname, lastname, password } = template
      const people = Array.from({ length: count }, () => ({
        firstname,
        lastname,
        password,
        phone_number: `${randomInt(10, 99)}${randomInt(1e9, 1e10 - 1)}`,
        email: `extra.${randomBytes(8).toString('hex')}@example.org`,
      }))
      await query(
        `insert into users (id, phone_number, email, email_key, firstname, lastname, password_hash, created_at)
         select gen_random_uuid(), one.number, one.email, one.email, u.firstname, u.lastname, u.password_hash, now()
         from unnest($1::text[], $2::text[]) one (number, email), users u where u.email_key = $3`,
        [people.map(each => each.phone_number), people.map(each => each.email), template.email],
      )
      return people
    },

    close: () => client.end(),
  }
}
