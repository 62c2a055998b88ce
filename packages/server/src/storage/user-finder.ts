import type { FoundUser, LivingLogin, UserFinder } from '../admin/users/stores.js'
import { lastId } from '../directory/cursor.js'
import { limits } from '../limits.js'
import { type Queryable, statement } from './database.js'

const columns = `id, firstname, lastname, phone_number as "phoneNumber", email,
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

const page = statement<FoundUser>(
  'user_finder.page',
  `select ${columns} from users where id < $1 order by id desc limit $2`,
)
const amongNewest = statement<FoundUser>(
  'user_finder.among_newest',
  `select ${columns} from (select * from users where id < $1 order by id desc limit $4) newest
   where ${fits} order by id desc limit $2`,
)
// Apart from order and limit, with which the planner would read the newest on and on.
const amongAll = statement<FoundUser>(
  'user_finder.among_all',
  `with found as materialized (select * from users where ${runs} @> ${sought} and id < $1 and ${fits})
   select ${columns} from found order by id desc limit $2`,
)
const byId = statement<FoundUser>('user_finder.by_id', `select ${columns} from users where id = $1`)
const logins = statement<LivingLogin>(
  'user_finder.logins',
  `select id, created_at as "createdAt", expires_at as "expiresAt" from logins
   where user_id = $1 and ended_at is null and expires_at > $2 order by id desc limit $3`,
)
const counts = statement<{ contacts: number; blocked: number }>(
  'user_finder.counts',
  `select (select count(*)::int4 from contacts where owner_id = $1) as contacts,
     (select count(*)::int4 from blocks where owner_id = $1) as blocked`,
)

/** One or two characters are looked for where a word begins, which the index knows with spaces before it. */
function partOf(word: string): string {
  const { length } = [...word]
  return ' '.repeat(Math.max(0, 3 - length)) + word
}

/** Users as administrators look for them. */
export const userFinder = (db: Queryable): UserFinder => ({
  async page({ words: sought, before = lastId, most }) {
    if (sought.length === 0) return db.query(page, [before, most])
    const parts = sought.map(partOf)
    const found = await db.query(amongNewest, [before, most, parts, limits.panelSearchNewest])
    return found.length === most ? found : db.query(amongAll, [before, most, parts])
  },
  byId: async id => (await db.query(byId, [id]))[0],
  logins: (id, now, most) => db.query(logins, [id, now, most]),
  counts: async id => (await db.query(counts, [id]))[0] ?? { contacts: 0, blocked: 0 },
})
