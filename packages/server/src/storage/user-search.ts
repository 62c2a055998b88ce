import type { FoundUser, UserPage, UsersFound } from '../admin/users/stores.js'
import { lastId } from '../directory/cursor.js'
import { limits } from '../limits.js'
import { type Database, type Queryable, type Statement, statement } from './database.js'
import { wasCutShort } from './errors.js'

export const userColumns = `id, firstname, lastname, phone_number as "phoneNumber", email,
  created_at as "createdAt", disabled_at as "disabledAt"`

// As in the index `users_search`, to the letter: it serves no other expression.
const words = `replace(lower(firstname || ' ' || lastname || ' ' || phone_number || ' ' || email), ' ', '  ')`
const inThrees = (text: string) => `regexp_replace(${text}, '(...)', E'\\\\1\\x1f', 'g')`
const runs = `string_to_array(
  ${inThrees(`'  ' || ${words}`)} || E'\\x1f' || ${inThrees(`' ' || ${words}`)} || E'\\x1f' || ${inThrees(words)},
  E'\\x1f')`

// Lower case is the database's own on both sides.
const sought = `array(
  select lower(substr(part, at, 3)) from unnest($3::text[]) part, generate_series(1, length(part) - 2) at)`
const escaped = `replace(replace(replace(part, '\\', '\\\\'), '%', '\\%'), '_', '\\_')`
const fits = `'  ' || ${words} like all (array(select '%' || lower(${escaped}) || '%' from unnest($3::text[]) part))`

interface Looked {
  /** How many users were looked at, and the oldest of them. */
  readonly looked: number
  readonly last: string | null
}
type Row = (FoundUser & Looked) | ({ readonly id: null } & Looked)

/** The newest users that may be meant, as many as `$4`, and which of them are. */
const among = (name: string, meant: string) =>
  statement<Row>(
    `user_search.${name}`,
    `with newest as materialized (
       select * from users where ${meant} order by id desc limit $4
     ), found as (
       select * from newest where ${fits} order by id desc limit $2
     )
     select (select count(*) from newest)::int4 as looked, (select id from newest order by id limit 1) as last,
       ${userColumns}
     from (select) once left join found on true order by id desc`,
  )
const amongNewest = among('among_newest', 'id < $1')
// `is true` keeps the planner from the index over ids: it would take the runs of every older user from there.
const amongIndexed = among('among_indexed', `${runs} @> ${sought} and (id < $1) is true`)
// By the index or not at all: what very many share the planner would rather look for row by row. What is compiled for one
// search takes longer than it.
const indexAlone = statement<object>(
  'user_search.index_alone',
  `select set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true),
     set_config('jit', 'off', true), set_config('work_mem', '16MB', true), set_config('statement_timeout', $1, true)`,
)

interface Found {
  readonly users: readonly FoundUser[]
  /** Where the search stopped; null: at the end. */
  readonly last: string | null
}

type Search = Pick<UserPage, 'words' | 'most'> & { readonly before: string }

async function look(db: Queryable, by: Statement<Row>, search: Search, newest: number): Promise<Found> {
  const rows = await db.query(by, [search.before, search.most, search.words, newest])
  const users = rows.flatMap(({ looked: _, last: __, ...user }) => (user.id === null ? [] : [user]))
  const [{ looked = 0, last = null } = {}] = rows
  return { users, last: looked === newest ? last : null }
}

/** How far a page looks. */
export interface Reach {
  readonly newest: number
  readonly indexed: number
  readonly indexMs: number
  readonly further: number
}
const usual: Reach = {
  newest: limits.panelSearchNewest,
  indexed: limits.panelSearchIndexed,
  indexMs: limits.panelSearchIndexMs,
  further: limits.panelSearchFurther,
}

class TookTooLong extends Error {}

/** Undefined: too many have what was looked for, and it would have taken too long. */
const lookByIndex = (db: Database, search: Search, reach: Reach): Promise<Found | undefined> =>
  db
    .transaction(async tx => {
      await tx.query(indexAlone, [String(reach.indexMs)])
      return look(tx, amongIndexed, search, reach.indexed).catch((error: unknown) => {
        // Our own bound, and nothing that the database could be blamed or counted for.
        throw wasCutShort(error) ? new TookTooLong() : error
      })
    })
    .catch((error: unknown) => {
      if (error instanceof TookTooLong) return undefined
      throw error
    })

/** One or two characters are looked for where a word begins, which the index knows with spaces before it. */
function partOf(word: string): string {
  const { length } = [...word]
  return ' '.repeat(Math.max(0, 3 - length)) + word
}

/**
 * Users by parts of what is known of them. What many have is among the newest, what few have is found by the index. What is
 * neither (thousands have it, but none of the newest) is looked for as far back as the time for a page allows: such a page
 * may be short, and the next one goes on where it ended.
 */
export async function searchUsers(
  db: Database,
  { words: parts, before = lastId, most }: UserPage,
  reach: Reach = usual,
): Promise<UsersFound> {
  // One more than asked for tells whether there is more.
  const search = { words: parts.map(partOf), before, most: most + 1 }
  const page = ({ users, last }: Found): UsersFound =>
    users.length > most
      ? { users: users.slice(0, most), next: users[most - 1]?.id ?? null }
      : { users, next: last }
  const newest = await look(db, amongNewest, search, reach.newest)
  if (newest.users.length > most || newest.last === null) return page(newest)
  const rest = { ...search, before: newest.last, most: search.most - newest.users.length }
  const found = (await lookByIndex(db, rest, reach)) ?? (await look(db, amongNewest, rest, reach.further))
  return page({ users: [...newest.users, ...found.users], last: found.last })
}
