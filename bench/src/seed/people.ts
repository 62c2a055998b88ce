import type { Client } from 'pg'
import { bulkLoad } from './bulk-load.js'

/** Numbers of people count from zero; ids and phone numbers follow from them. */
const hex = (n: number) => n.toString(16).padStart(12, '0')
export const userIdOf = (n: number) => `00000000-0000-7000-8000-${hex(n)}`
export const loginIdOf = (n: number) => `00000000-0000-7000-9000-${hex(n)}`
export const numberOf = (n: number) => String(10_000_000_000 + n)
export const emailOf = (n: number) => `p${n}@bench.example`

/** The same in SQL, of an expression. */
export const sqlUuid = (part: string, n: string) =>
  `('00000000-0000-7000-${part}-' || lpad(to_hex(${n}), 12, '0'))::uuid`
export const sqlUser = (n: string) => sqlUuid('8000', n)
export const sqlNumber = (n: string) => `(10000000000 + ${n})::text`

export interface People {
  readonly users: number
  /** Of each. */
  readonly contacts: number
  /** What all of them log in with; without it nobody can by a password. */
  readonly passwordHash?: string
  readonly tell?: (what: string) => void
}

const nobodysHash = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`
/** Neighbours know each other; contact k of somebody stands this far away, so a join wanders over the table. */
export const stride = (k: number, users: number) =>
  k === 1 ? 1 : k === 2 ? users - 1 : (k * 7_919) % users || k

/** What PostgreSQL would do about new rows by and by, and would be measured doing. */
export async function settle(client: Client): Promise<void> {
  await client.query('vacuum (analyze)')
  await client.query('checkpoint')
}

/** Makes people, a login each, and who knows whom. */
export async function seedPeople(client: Client, people: People): Promise<void> {
  const { users, contacts, passwordHash = nobodysHash, tell = () => undefined } = people
  const all = `generate_series(0, ${users - 1}) n`
  await bulkLoad(client, 'users', async () => {
    await client.query(
      `insert into users (id, phone_number, email, email_key, firstname, lastname, password_hash, created_at)
       select ${sqlUser('n')}, ${sqlNumber('n')}, 'p' || n || '@bench.example', 'p' || n || '@bench.example',
         'Mara', 'Lindqvist ' || n, $1, now() from ${all}`,
      [passwordHash],
    )
  })
  tell(`${users} users`)
  await bulkLoad(client, 'logins', async () => {
    await client.query(
      `insert into logins (id, user_id, created_at, expires_at)
       select ${sqlUuid('9000', 'n')}, ${sqlUser('n')}, now(), now() + interval '60 days' from ${all}`,
    )
  })
  tell(`${users} logins`)
  if (contacts > 0) {
    await bulkLoad(client, 'contacts', async () => {
      // Everybody's first contact, then everybody's second: one person's lie far apart, as years would have put them.
      for (let k = 1; k <= contacts; k++) {
        await client.query(
          `insert into contacts (id, owner_id, contact_id, created_at)
           select ${sqlUuid('a000', `${k}::bigint * ${users} + n`)}, ${sqlUser('n')},
             ${sqlUser(`((n + ${stride(k, users)}) % ${users})`)}, now() from ${all}`,
        )
      }
    })
    tell(`${users * contacts} contacts`)
  }
  await settle(client)
}
