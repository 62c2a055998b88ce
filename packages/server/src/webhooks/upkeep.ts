import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Count } from '../meter.js'
import type { Database } from '../storage/database.js'
import type { Deliveries } from './deliveries.js'

export interface UpkeepDeps {
  readonly database: Database
  readonly deliveries: Deliveries
  readonly clock: Clock
  readonly log: Logger
  readonly counts: Readonly<Record<'given_up', Count>>
  /** Reads what waits. */
  readonly sample: () => Promise<void>
}

/** Gives up what waited for too long, deletes what is old, and looks what waits. Returns how to stop. */
export function startUpkeep({
  database,
  deliveries,
  clock,
  log,
  counts,
  sample,
}: UpkeepDeps): () => Promise<void> {
  const most = limits.webhooksPruneBatch
  let isStopped = false
  let prunedAt = Number.NEGATIVE_INFINITY
  let isFailing = false

  async function expire() {
    for (let gone: number = most; gone === most && !isStopped; ) {
      gone = await deliveries.expire(database, new Date(clock.wall()), most)
      counts.given_up.add(gone)
    }
  }

  async function prune() {
    if (clock.monotonic() - prunedAt < limits.webhooksPruneMs) return
    const before = {
      delivered: new Date(clock.wall() - limits.webhookDeliveredKeepMs),
      given_up: new Date(clock.wall() - limits.webhookGivenUpKeepMs),
    }
    while (!isStopped && (await deliveries.prune(database, before, most)) >= most);
    prunedAt = clock.monotonic()
  }

  async function once() {
    try {
      await expire()
      await prune()
      await sample()
      isFailing = false
    } catch (error) {
      if (!isFailing) log.warn({ err: error }, 'the webhook queue cannot be looked after')
      isFailing = true
    }
  }

  let timer: NodeJS.Timeout | undefined
  let working = Promise.resolve()
  function run() {
    working = once().then(() => {
      if (!isStopped) timer = setTimeout(run, limits.webhooksUpkeepMs)
    })
  }
  run()
  return () => {
    isStopped = true
    clearTimeout(timer)
    return working
  }
}
