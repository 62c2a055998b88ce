import { createPrivateKey, randomInt, randomUUID, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { login, person, register } from '../people.js'
import type { Product } from '../product.js'
import { request } from '../rest-client.js'
import type { Enlisted } from './phone.js'

/**
 * Thousands of accounts with a login each, past REST: two password hashes for each of them would take minutes. One is made
 * as always, the others after its pattern, with tokens made by the server's own key.
 */
export async function enlist(product: Product, databaseUrl: string, count: number): Promise<Enlisted[]> {
  const rest = (method: string, path: string, more = {}) => request(product.api, method, path, more)
  // The others' numbers are longer than this one by up to six digits.
  const pattern = person({ phone_number: String(randomInt(1e7, 1e8)) })
  await register(rest, pattern)
  const [head = ''] = (await login(rest, pattern)).split('.')
  const key = createPrivateKey(await readFile(join(product.dir, 'keys', 'tokenSecret.key')))
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ user: string; login: string; number: string }>(insert, [
      pattern.phone_number,
      count,
    ])
    return rows.map(({ user, login: sid, number }) => ({ number, token: tokenOf(head, key, user, sid) }))
  } finally {
    await client.end()
  }
}

const insert = `with made as (
    insert into users (id, phone_number, email, email_key, firstname, lastname, password_hash, created_at)
    select gen_random_uuid(), phone_number || n, n || email, n || email_key, firstname, lastname, password_hash, now()
    from users, generate_series(100, 99 + $2::int) n where phone_number = $1
    returning id, phone_number
  ), logged_in as (
    insert into logins (id, user_id, created_at, expires_at)
    select gen_random_uuid(), id, now(), now() + interval '1 day' from made
    returning id, user_id
  )
  select made.id as "user", logged_in.id as "login", phone_number as "number"
  from made join logged_in on user_id = made.id`

const json64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function tokenOf(head: string, key: ReturnType<typeof createPrivateKey>, sub: string, sid: string): string {
  const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg: string }
  const iat = Math.floor(Date.now() / 1_000)
  const claims = { iss: 'switchboard', aud: 'switchboard', purpose: 'access', gen: 0 }
  const body = json64({ ...claims, sub, sid, jti: randomUUID(), iat, exp: iat + 86_400 })
  const digest = alg === 'EdDSA' ? null : 'sha256'
  const signature = sign(digest, Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' })
  return `${head}.${body}.${signature.toString('base64url')}`
}
