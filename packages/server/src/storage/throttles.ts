import { limits } from '../limits.js'
import { load, type Rate, recovery, waitFor } from '../throttles/rate.js'
import type { RateStore } from '../throttles/stores.js'
import { type Queryable, statement } from './database.js'
import { clockOf, fromMicroseconds, inMicroseconds, prunedInBatches, type TestClock } from './microseconds.js'

// The row that would be inserted carries the time ($2) into the update. A rate is $3 every, $4 burst * every, two
// numbers for each of three windows ($5 to $10), $11 the most of them, $12 the longest that anything counts. Arithmetic
// and subscripts only, and no subquery: the row is locked when the rules are looked at, so a parallel take waits and is
// judged by what this one left. A window of 0 looks beyond the array, finds null, and lets everything through.
const now = clockOf('$2')
const start = `case when t.arrival - excluded.stamps[1] > 2 * $4::bigint then excluded.stamps[1]
  else greatest(t.arrival, excluded.stamps[1]) end`
const count = 'coalesce(array_length(t.stamps, 1), 0)'
const letsThrough = (most: string, within: string) =>
  `coalesce(abs(excluded.stamps[1] - t.stamps[${count} - ${most}::int + 1]) >= ${within}::bigint, true)`
const take = statement<{ stamp: string }>(
  'throttles.take',
  `insert into throttles as t (key, arrival, stamps, recovered_at)
   values ($1, ${now} + $3::bigint, array[${now}], ${now} + $12::bigint)
   on conflict (key) do update set
     arrival = (${start}) + $3::bigint,
     stamps = array_append(
       case when ${count} >= $11::int then array_remove(t.stamps, t.stamps[1]) else t.stamps end,
       case when abs(excluded.stamps[1] - t.stamps[${count}]) < $12::bigint
         then greatest(excluded.stamps[1], t.stamps[${count}] + 1) else excluded.stamps[1] end),
     recovered_at = excluded.recovered_at
   where (${start}) + $3::bigint <= excluded.stamps[1] + $4::bigint
     and ${letsThrough('$5', '$6')} and ${letsThrough('$7', '$8')} and ${letsThrough('$9', '$10')}
   returning t.stamps[array_length(t.stamps, 1)] as stamp`,
)
const read = statement<{ arrival: string; stamps: string[]; now: string }>(
  'throttles.read',
  `select arrival, stamps, ${now} as now from throttles where key = $1`,
)
const giveBack = statement<never>(
  'throttles.give_back',
  `update throttles set arrival = arrival - $3::bigint, stamps = array_remove(stamps, $2::bigint) where key = $1`,
)
// An array is looked up along the index, where a list from a subquery may walk through the table. The time once more: of
// a row that was taken from meanwhile, what it says now counts.
const prune = statement<{ key: Buffer }>(
  'throttles.prune',
  `delete from throttles where recovered_at < ${clockOf('$1')} and key = any(array(
     select key from throttles where recovered_at < ${clockOf('$1')} order by recovered_at limit $2))
   returning key`,
)

/** The windows' figures for the three places of the statement. */
function windowsOf({ windows = [] }: Rate): readonly number[] {
  if (windows.length > 3) throw new Error('a rate in the database has three windows at most')
  return [0, 1, 2].flatMap(index => {
    const { most, within } = windows[index] ?? { most: 0, within: 0 }
    return [most, inMicroseconds(within)]
  })
}

/**
 * Limits by the database's clock: it is the one that all nodes share, and a node whose own clock is off gives nobody
 * more or less. `testClock` takes its place in tests.
 */
export function pgThrottles(db: Queryable, testClock: TestClock = () => null): RateStore {
  async function spentOf(key: Buffer, at: number | null) {
    const [row] = await db.query(read, [key, at])
    if (!row) return undefined
    const spent = { arrival: fromMicroseconds(row.arrival), stamps: row.stamps.map(fromMicroseconds) }
    return { spent, now: fromMicroseconds(row.now) }
  }

  return {
    async take(key, rate) {
      const { burst, every } = rate.bucket ?? { burst: 0, every: 0 }
      const most = Math.max(1, ...(rate.windows ?? []).map(window => window.most))
      const at = testClock()
      const [row] = await db.query(take, [
        key,
        at,
        inMicroseconds(every),
        inMicroseconds(burst * every),
        ...windowsOf(rate),
        most,
        inMicroseconds(recovery(rate)),
      ])
      if (row) return { taken: { stamp: Number(row.stamp) } }
      const found = await spentOf(key, at)
      if (!found) return { waitMs: 0 } // pruned or given back since
      return { waitMs: waitFor(rate, found.spent, found.now) }
    },

    async used(key, rate) {
      const found = await spentOf(key, testClock())
      return found ? load(rate, found.spent, found.now) : 0
    },

    async giveBack(key, { bucket }, { stamp }) {
      await db.query(giveBack, [key, stamp, inMicroseconds(bucket?.every ?? 0)])
    },

    prune: () => prunedInBatches(() => db.query(prune, [testClock(), limits.throttlesPruneBatch])),
  }
}
