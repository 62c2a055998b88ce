import { randomBytes } from 'node:crypto'
import { beforeAll } from 'vitest'
import { createLogger } from '../log.js'
import { Refusal } from '../refusal.js'
import { pgFailedLogins } from '../storage/failed-logins.js'
import { type TestDatabase, testDatabase } from '../storage/testing.js'
import { pgThrottles } from '../storage/throttles.js'
import { addressKey } from './addresses.js'
import { createThrottles } from './create-throttles.js'
import type { Limit } from './refuse.js'

/** A database for the tests of a file. */
export function useDatabase(): () => TestDatabase {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase()
    return () => db.close()
  })
  return () => db
}

/** Nodes with one database and one time, which belong to the test; each world has counts of its own. */
export function throttlesWorld({ database }: Pick<TestDatabase, 'database'>) {
  const time = { now: 1_750_000_000_000 }
  const secret = randomBytes(32)
  const refused: Limit[] = []
  const node = (rateLimits = true) =>
    createThrottles({
      config: { rateLimits },
      rates: pgThrottles(database, () => time.now * 1_000),
      failedLogins: pgFailedLogins(database, () => time.now * 1_000),
      secret: async () => secret,
      clock: { wall: () => time.now, monotonic: () => time.now },
      log: createLogger('silent'),
      onRefused: limit => refused.push(limit),
    })
  return { time, node, throttles: node(), refused }
}

export const here = addressKey('192.0.2.1')
export const wrong = async (): Promise<never> => {
  throw new Refusal('invalid_credentials')
}
export const right = async () => 'a token'

/** How it ended: its result, or the code of its refusal. */
export const outcomeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch(error => (error instanceof Refusal ? error.code : error))

/** The seconds of `Retry-After`; undefined when it was not refused. */
export const retryAfterOf = (promise: Promise<unknown>): Promise<number | undefined> =>
  promise.then(
    () => undefined,
    error => (error as Refusal).retryAfterSeconds,
  )
