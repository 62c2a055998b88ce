import type { AdminSessionStore } from '../administrators/stores.js'
import { type AdministratorRow, administratorColumns, administratorOf } from './administrators.js'
import { statement } from './database.js'

const prune = statement<never>(
  'admin_sessions.prune',
  'delete from admin_sessions where expires_at <= $1 or seen_at <= $2',
)
const tooMany = statement<never>(
  'admin_sessions.too_many',
  `delete from admin_sessions where administrator_id = $1 and token_hash in (
     select token_hash from admin_sessions where administrator_id = $1 order by created_at desc offset $2)`,
)
const begin = statement<never>(
  'admin_sessions.begin',
  `insert into admin_sessions (token_hash, administrator_id, awaits_second_factor, created_at, seen_at, expires_at)
   values ($1, $2, $3, $4, $4, $5)`,
)
const find = statement<
  AdministratorRow & {
    readonly awaits_second_factor: boolean
    readonly seen_at: Date
    readonly expires_at: Date
  }
>(
  'admin_sessions.find',
  `select s.awaits_second_factor, s.seen_at, s.expires_at, ${administratorColumns}
   from admin_sessions s join administrators a on a.id = s.administrator_id
   where s.token_hash = $1 and s.expires_at > $2 and s.seen_at > $3 and a.disabled_at is null and a.removed_at is null`,
)
const seen = statement<never>(
  'admin_sessions.seen',
  'update admin_sessions set seen_at = $2 where token_hash = $1',
)
const end = statement<never>('admin_sessions.end', 'delete from admin_sessions where token_hash = $1')
const endAll = statement<never>(
  'admin_sessions.end_all',
  'delete from admin_sessions where administrator_id = $1',
)

/** Sessions of administrators in PostgreSQL: read for every request, so that what ends one is in force at once. */
export const adminSessions: AdminSessionStore = {
  async begin(db, { tokenHash, administratorId, awaitsSecondFactor, createdAt, expiresAt }, idleSince, most) {
    await db.query(prune, [createdAt, idleSince])
    await db.query(begin, [tokenHash, administratorId, awaitsSecondFactor, createdAt, expiresAt])
    await db.query(tooMany, [administratorId, most])
  },
  async find(db, tokenHash, now, idleSince) {
    const [row] = await db.query(find, [tokenHash, now, idleSince])
    if (!row) return undefined
    const { awaits_second_factor: awaitsSecondFactor, seen_at: seenAt, expires_at: expiresAt } = row
    return { administrator: administratorOf(row), awaitsSecondFactor, seenAt, expiresAt }
  },
  async seen(db, tokenHash, at) {
    await db.query(seen, [tokenHash, at])
  },
  async end(db, tokenHash) {
    await db.query(end, [tokenHash])
  },
  async endAll(tx, administratorId) {
    await tx.query(endAll, [administratorId])
  },
}
