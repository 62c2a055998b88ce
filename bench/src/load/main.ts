import process from 'node:process'
import { openCalls } from './calls.js'
import { openConnects } from './connects.js'
import { openHttpWork } from './http.js'
import { openIdle } from './idle.js'
import { openMixed } from './mixed.js'
import type { Order, Outcome, Report, Work } from './orders.js'
import { openRate } from './rate.js'
import { openRelay } from './relay.js'
import type { Stage } from './stage.js'
import { openStorm } from './storm.js'

// The load, a process of its own: what it costs is not the server's, and it tells how much of a core it needed.

const stages = new Map<string, Stage>()
/** What went wrong first; between orders it waits for the next one. */
let fault: Error | undefined
let broken: (why: Error) => void = () => undefined
const fail = (why: string) => {
  fault ??= new Error(why)
  broken(fault)
}

function openStage(work: Work): Promise<Stage> {
  switch (work.kind) {
    case 'relay':
      return openRelay(work, fail)
    case 'calls':
      return openCalls(work, fail)
    case 'connects':
      return openConnects(work, fail)
    case 'idle':
      return openIdle(work, fail)
    case 'rate':
      return openRate(work, fail)
    case 'http':
      return openHttpWork(work, fail)
    case 'storm':
      return openStorm(work, fail)
    case 'mixed':
      return openMixed(work, fail)
  }
}

async function run(stage: Stage, ms: number): Promise<Outcome> {
  const since = performance.now()
  const before = process.cpuUsage()
  const done = await stage.run(ms, fail)
  const elapsedMs = performance.now() - since
  const { user, system } = process.cpuUsage(before)
  return { ...done, elapsedMs, loadShare: (user + system) / 1_000 / elapsedMs }
}

async function obey(order: Order): Promise<Outcome | undefined> {
  if (order.do === 'open') {
    stages.set(order.key, await openStage(order.work))
    return undefined
  }
  const stage = stages.get(order.key)
  if (!stage) throw new Error(`nothing is open under ${order.key}`)
  if (order.do === 'run') return run(stage, order.ms)
  stage.close()
  stages.delete(order.key)
  return undefined
}

process.on('message', (order: Order) => {
  const failure = new Promise<never>((_, reject) => {
    broken = reject
    if (fault) reject(fault)
  })
  const answer = (report: Report) => process.send?.(report)
  Promise.race([obey(order), failure]).then(
    outcome => answer({ id: order.id, ...(outcome && { outcome }) }),
    (error: unknown) =>
      answer({ id: order.id, fault: error instanceof Error ? error.message : String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
