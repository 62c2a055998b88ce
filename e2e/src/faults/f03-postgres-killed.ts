import { setTimeout as sleep } from 'node:timers/promises'
import { startPostgres } from '../postgres.js'
import { chance, count, freshSeed, millis, seconds, Times } from './figures.js'
import { createLedger, type Ledger } from './ledger.js'
import { backendsOf, postmasterOf, readyPostmaster, signal, until } from './processes.js'
import { startPulse } from './pulse.js'
import { allowed, alone, must, type Scenario, type Size } from './scenario.js'
import { onStage, type Stage } from './stage.js'

const sizes = {
  quick: { embedded: 1, external: 1, backends: 1, writers: 3, downMs: 300 },
  full: { embedded: 200, external: 20, backends: 50, writers: 4, downMs: 3_000 },
}

/** REST says 503 within this, and writes again this soon after the database is back. */
const refusesWithinMs = 2_000
const recoversWithinMs = 5_000

interface Outcome {
  readonly kills: number
  readonly writes: number
  readonly recovered: Times
  readonly refused: number
  readonly slowestRefusal: number
  readonly signaling: string
}

/** PostgreSQL killed -9 under load: whole, and single connections of it. */
export const postgresKilled: Scenario = {
  id: 'F3',
  title: 'PostgreSQL killed -9 under load: embedded and external, whole and single backends',
  run: async size => {
    const { embedded, external, backends, downMs } = sizes[size]
    const own = await onStage({}, stage =>
      underLoad(stage, size, embedded + backends, async round => {
        const postmaster = await postmasterOf(stage.product)
        const victims = await backendsOf(postmaster)
        const victim = round < backends ? (victims[round % victims.length] ?? postmaster) : postmaster
        const since = performance.now()
        signal(victim, 'SIGKILL')
        const isBack = async () => {
          if (victim !== postmaster) return performance.now() - since > 100
          return ((await readyPostmaster(stage.product)) ?? postmaster) !== postmaster
        }
        await until('PostgreSQL to be back', isBack, 30_000, 5)
        return since
      }),
    )
    const postgres = await startPostgres()
    try {
      const env = { DATABASE_URL: await postgres.database('killed') }
      const theirs = await onStage({ env }, stage =>
        underLoad(stage, size, external, async () => {
          signal(postgres.pid, 'SIGKILL')
          await sleep(downMs)
          await postgres.restart()
          return performance.now()
        }),
      )
      return `embedded, counted from the kill: ${tell(own)}; external, counted from its restart: ${tell(theirs)}`
    } finally {
      await postgres.stop()
    }
  },
}

function tell({ kills, writes, recovered, refused, slowestRefusal, signaling }: Outcome): string {
  const back = `writes again after ${seconds(recovered.within(0.5))} (slowest ${seconds(recovered.worst)})`
  const away = `${count(refused)} requests refused, slowest after ${seconds(slowestRefusal)}`
  return `${kills} kills, 0 of ${count(writes)} acknowledged writes lost, ${back}, ${away}, ${signaling}`
}

/** Kills while accounts are written and two people are in a call. `kill` tells from when recovery is counted. */
async function underLoad(
  stage: Stage,
  size: Size,
  kills: number,
  kill: (round: number) => Promise<number>,
): Promise<Outcome> {
  const random = chance(freshSeed())
  const { product } = stage
  const { pid } = product
  const ledger = createLedger(stage.rest)
  const pulse = await startPulse(stage)
  const recovered = new Times()
  ledger.work(sizes[size].writers)
  await until('the first writes', () => ledger.acknowledged > 20, 20_000)
  for (let round = 0; round < kills; round++) {
    await sleep(random.below(300))
    const since = await kill(round)
    const backAt = performance.now()
    await until('writes again', () => ledger.last.sent > backAt, 30_000, 5)
    recovered.add(ledger.last.acknowledged - since)
  }
  await ledger.pause()
  const signaling = await pulse.stop()
  must(product.pid === pid, 'the server was replaced')
  const missing = await ledger.missing()
  must(missing.length === 0, `lost acknowledged writes: ${missing.slice(0, 5).join('; ')}`)
  must(
    recovered.worst <= allowed(size, recoversWithinMs),
    `writes again only after ${seconds(recovered.worst)}`,
  )
  const { refused, slowestRefusal } = refusals(ledger)
  must(
    slowestRefusal <= allowed(size, refusesWithinMs),
    `a request was refused only after ${seconds(slowestRefusal)}`,
  )
  return {
    kills,
    writes: ledger.acknowledged,
    recovered,
    refused,
    slowestRefusal,
    signaling: `signaling p99 ${millis(signaling.within(0.99))}`,
  }
}

function refusals({ answers, odd }: Ledger) {
  must(odd.length === 0, `${odd.length} answers that are neither success nor 503, like ${odd[0]}`)
  must(!answers.lost, `${answers.lost?.count} requests got no answer`)
  return { refused: answers['503']?.count ?? 0, slowestRefusal: answers['503']?.worst ?? 0 }
}

await alone(import.meta.url, postgresKilled)
