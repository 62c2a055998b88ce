import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startPostgres } from '../postgres.js'
import { count, seconds, Times } from './figures.js'
import { until } from './processes.js'
import { allowed, alone, must, type Scenario } from './scenario.js'
import { onStage } from './stage.js'

const sizes = { quick: { requests: 100 }, full: { requests: 500 } }
const refusesWithinMs = 2_000
const recoversWithinMs = 1_000

/** Somebody locks the users in psql, and everybody asks at once: more than the pool has connections for. */
export const tablesLocked: Scenario = {
  id: 'F5',
  title: 'the pool exhausted: LOCK TABLE users, and hundreds of requests at once',
  run: async size => {
    const postgres = await startPostgres()
    const url = await postgres.database('locked')
    const psql = new pg.Client({ connectionString: url })
    psql.on('error', () => {})
    try {
      return await onStage({ env: { DATABASE_URL: url } }, async stage => {
        const [account] = await stage.crowd(1)
        await psql.connect()
        await psql.query('begin')
        await psql.query('lock table users in access exclusive mode')
        const refused = new Times()
        const ask = async () => {
          const since = performance.now()
          const { status, headers } = await stage.rest('GET', '/get_user', { token: account?.token })
          must(status === 503, `a locked table was answered with ${status}`)
          must(headers['retry-after'] !== undefined, 'a 503 without Retry-After')
          refused.add(performance.now() - since)
        }
        await Promise.all(Array.from({ length: sizes[size].requests }, ask))
        const alive = performance.now()
        must((await stage.rest('GET', '/health/live')).status === 200, 'not alive')
        const health = performance.now() - alive
        // A second wave is under way when the lock goes.
        const wave = Promise.allSettled(Array.from({ length: 50 }, ask))
        await sleep(200)
        await psql.query('rollback')
        const works = async () =>
          (await stage.rest('GET', '/get_user', { token: account?.token })).status === 200
        const back = await until('REST after the lock', works, 10_000)
        await wave
        must(refused.worst <= allowed(size, refusesWithinMs), `503 came only after ${seconds(refused.worst)}`)
        must(back <= allowed(size, recoversWithinMs), `REST works again only ${seconds(back)} after the lock`)
        return [
          `${count(sizes[size].requests)} requests at once, all refused with 503 and Retry-After, slowest after ${seconds(refused.worst)}`,
          `/health/live answers in ${seconds(health, 3)} meanwhile`,
          `works again ${seconds(back)} after the lock is gone`,
        ].join(', ')
      })
    } finally {
      await psql.end().catch(() => {})
      await postgres.stop()
    }
  },
}

await alone(import.meta.url, tablesLocked)
