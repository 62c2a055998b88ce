import { limits } from '../limits.js'
import type { FailedLogins, FailureRule, Login, Reserved } from '../throttles/stores.js'
import { type Queryable, statement } from './database.js'
import { clockOf, fromMicroseconds, inMicroseconds, prunedInBatches, type TestClock } from './microseconds.js'

// The row of the account as a whole has the empty address. Delays ($n) are an array: the wait after the first failure,
// the second and so on, and the last one ever after. A delay that ends much further off than the longest is of another
// time: the clock was set, and nobody waits for it. Twice as far, for of two that come at once the earlier may be last.
const whole = `''::bytea`
const delayAfter = (failures: string, delays: string) =>
  `(${delays}::bigint[])[least(${failures}, array_length(${delays}::bigint[], 1))]`
const isDue = (nextAt: string, now: string, delays: string) =>
  `(${nextAt} <= ${now} or ${nextAt} > ${now} + 2 * (${delays}::bigint[])[array_length(${delays}::bigint[], 1)])`

const reserveFamiliar = statement<{ is_familiar: boolean; next_at: string | null }>(
  'failed_logins.reserve_familiar',
  `with reserved as (
     update failed_logins
     set failures = failures + 1, next_at = ${clockOf('$3')} + ${delayAfter('failures + 1', '$4')},
       seen_at = ${clockOf('$3')}
     where account = $1 and address = $2 and ${isDue('next_at', clockOf('$3'), '$4')}
     returning next_at)
   select (select next_at from reserved) as next_at,
     exists (select 1 from failed_logins where account = $1 and address = $2) as is_familiar`,
)
const reserve = statement<{ next_at: string }>(
  'failed_logins.reserve',
  `insert into failed_logins as f (account, address, failures, next_at, seen_at)
   values ($1, ${whole}, 1, ${clockOf('$2')} + ${delayAfter('1', '$3')}, ${clockOf('$2')})
   on conflict (account, address) do update
   set failures = f.failures + 1, next_at = excluded.seen_at + ${delayAfter('f.failures + 1', '$3')},
     seen_at = excluded.seen_at
   where f.failures < $4::int and ($5::boolean or ${isDue('f.next_at', 'excluded.seen_at', '$3')})
   returning next_at`,
)
const read = statement<{ address: Buffer; failures: number; next_at: string; now: string }>(
  'failed_logins.read',
  `select address, failures::int4, next_at, ${clockOf('$3')} as now from failed_logins
   where account = $1 and address in (${whole}, $2)`,
)
// The delay that a reservation began ends with it; another one's does not.
const giveBack = statement<never>(
  'failed_logins.give_back',
  `update failed_logins
   set failures = greatest(failures - 1, 0),
     next_at = case when next_at in ($3::bigint, $4::bigint) then 0 else next_at end
   where account = $1 and (address = ${whole} or ($4::bigint is not null and address = $2))`,
)
const clear = statement<never>(
  'failed_logins.clear',
  'update failed_logins set failures = 0, next_at = 0 where account = $1 and failures > 0',
)
const remember = statement<never>(
  'failed_logins.remember',
  `insert into failed_logins (account, address, failures, next_at, seen_at)
   values ($1, $2, 0, 0, ${clockOf('$3')})
   on conflict (account, address) do update set failures = 0, next_at = 0, seen_at = excluded.seen_at`,
)
const forget = statement<never>('failed_logins.forget', 'delete from failed_logins where account = $1')
const isOld = `seen_at < ${clockOf('$1')} - $2::bigint and failures < $3`
// Whole accounts, along the index: an array of them, as in throttles.prune.
const prune = statement<{ account: Buffer }>(
  'failed_logins.prune',
  `delete from failed_logins where ${isOld} and account = any(array(
     select account from failed_logins where ${isOld} order by seen_at limit $4))
   returning account`,
)

/** Wrong passwords in a row, by the database's clock. `testClock` takes its place in tests. */
export function pgFailedLogins(db: Queryable, testClock: TestClock = () => null): FailedLogins {
  /** Who comes from a familiar address waits for the delay of that one, others for the account's. */
  async function refusal({ account, address }: Login, { inARow }: FailureRule): Promise<Reserved> {
    const rows = await db.query(read, [account, address, testClock()])
    const ofAccount = rows.find(row => row.address.length === 0)
    const waitedFor = rows.find(row => row.address.length > 0) ?? ofAccount
    const waitMs = waitedFor ? fromMicroseconds(waitedFor.next_at) - fromMicroseconds(waitedFor.now) : 0
    return { isLocked: (ofAccount?.failures ?? 0) >= inARow, waitMs: Math.max(0, waitMs) }
  }

  return {
    async reserve(login, rule) {
      const { account, address } = login
      const delays = rule.delaysMs.map(inMicroseconds)
      const at = testClock()
      const [familiar] = await db.query(reserveFamiliar, [account, address, at, delays])
      const familiarNextAt = familiar?.next_at ?? undefined
      const isFamiliar = familiarNextAt !== undefined
      if (familiar?.is_familiar && !isFamiliar) return refusal(login, rule)
      const [row] = await db.query(reserve, [account, at, delays, rule.inARow, isFamiliar])
      if (!row) return refusal(login, rule)
      return { reservation: { nextAt: row.next_at, familiarNextAt } }
    },

    async giveBack({ account, address }, { nextAt, familiarNextAt }) {
      await db.query(giveBack, [account, address, nextAt, familiarNextAt ?? null])
    },

    async succeeded({ account, address }) {
      await db.query(clear, [account])
      await db.query(remember, [account, address, testClock()])
    },

    async forget(account, tx = db) {
      await tx.query(forget, [account])
    },

    prune: (olderThanMs, inARow) =>
      prunedInBatches(() =>
        db.query(prune, [testClock(), inMicroseconds(olderThanMs), inARow, limits.throttlesPruneBatch]),
      ),
  }
}
