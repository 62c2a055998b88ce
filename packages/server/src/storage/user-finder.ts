import type { FoundUser, LivingLogin, UserFinder } from '../admin/users/stores.js'
import { lastId } from '../directory/cursor.js'
import { type Database, statement } from './database.js'
import { searchUsers, userColumns } from './user-search.js'

const page = statement<FoundUser>(
  'user_finder.page',
  `select ${userColumns} from users where id < $1 order by id desc limit $2`,
)
const byId = statement<FoundUser>('user_finder.by_id', `select ${userColumns} from users where id = $1`)
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

/** Users as administrators look for them. */
export const userFinder = (db: Database): UserFinder => ({
  async page(asked) {
    if (asked.words.length > 0) return searchUsers(db, asked)
    const { before = lastId, most } = asked
    const found = await db.query(page, [before, most + 1])
    const users = found.slice(0, most)
    return { users, next: found.length > most ? (users.at(-1)?.id ?? null) : null }
  },
  byId: async id => (await db.query(byId, [id]))[0],
  logins: (id, now, most) => db.query(logins, [id, now, most]),
  counts: async id => (await db.query(counts, [id]))[0] ?? { contacts: 0, blocked: 0 },
})
