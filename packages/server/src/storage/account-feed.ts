import type { LoginId, UserId } from '@switchboard/protocol'
import type { AccountEvent } from '../sessions/account-events.js'
import type { AccountFeed } from '../sessions/stores.js'
import { statement } from './database.js'

interface FeedRow {
  readonly id: string
  readonly kind: string
  readonly user_id: string
  readonly login_id: string | null
  readonly except_login: string | null
  readonly reason: string | null
}

// The database's own clock on both sides; in a transaction clock_timestamp() is nearer to the commit than now().
const insert = statement<never>(
  'account_feed.insert',
  `insert into account_events (id, at, kind, user_id, login_id, except_login, reason)
   select id, clock_timestamp(), kind, user_id, login_id, except_login, reason
   from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[])
     as entry (id, kind, user_id, login_id, except_login, reason)`,
)
const recent = statement<FeedRow>(
  'account_feed.recent',
  `select id, kind, user_id, login_id, except_login, reason from account_events
   where at > now() - $1::double precision * interval '1 millisecond' order by at, id`,
)
const prune = statement<never>(
  'account_feed.prune',
  `delete from account_events where at < now() - $1::double precision * interval '1 millisecond'`,
)

type LoginsEnded = Extract<AccountEvent, { kind: 'logins_ended' }>

const eventOf = (row: FeedRow): AccountEvent =>
  row.kind === 'profile_changed'
    ? { kind: 'profile_changed', userId: row.user_id as UserId }
    : {
        kind: 'logins_ended',
        userId: row.user_id as UserId,
        ...(row.login_id !== null && { loginId: row.login_id as LoginId }),
        ...(row.except_login !== null && { exceptLogin: row.except_login as LoginId }),
        reason: (row.reason ?? 'logout') as LoginsEnded['reason'],
      }

/** The feed by which every process hears of changes to accounts. */
export const accountFeed: AccountFeed = {
  async insert(tx, entries) {
    const ended = entries.map(({ event }) => (event.kind === 'logins_ended' ? event : undefined))
    await tx.query(insert, [
      entries.map(({ id }) => id),
      entries.map(({ event }) => event.kind),
      entries.map(({ event }) => event.userId),
      ended.map(event => event?.loginId ?? null),
      ended.map(event => event?.exceptLogin ?? null),
      ended.map(event => event?.reason ?? null),
    ])
  },
  async recent(db, ageMs) {
    const rows = await db.query(recent, [ageMs])
    return rows.map(row => ({ id: row.id, event: eventOf(row) }))
  },
  async prune(db, olderThanMs) {
    await db.query(prune, [olderThanMs])
  },
}
