import { setTimeout as sleep } from 'node:timers/promises'
import type { Return } from '../crowd/crowd.js'
import { enlist } from '../crowd/enlist.js'
import { type RemoteCrowd, startCrowd } from '../crowd/start-crowd.js'
import { startPostgres } from '../postgres.js'
import { type Product, startProduct } from '../product.js'
import { count, seconds } from './figures.js'
import { residentOf } from './processes.js'
import { allowed, alone, must, type Scenario, type Size } from './scenario.js'
import { causedBySockets, countStatements, type Statements } from './statements.js'

const sizes = {
  quick: { sockets: 400, idleMs: 0 },
  // Longer than what is remembered of a login counts without being read again.
  full: { sockets: 10_000, idleMs: 65_000 },
}
const backWithinMs = 30_000

/** Everybody's socket is cut at once; and again while the server is killed and started. */
export const storm: Scenario = {
  id: 'F12',
  title: 'every socket cut at once, also while the server restarts',
  run: async size => {
    const { sockets, idleMs } = sizes[size]
    const postgres = await startPostgres()
    const database = await postgres.database('switchboard')
    const statements = await countStatements(database)
    const product = await startProduct({ env: { DATABASE_URL: statements.url } })
    const crowd = startCrowd()
    try {
      await crowd.enlist(await enlist(product, database, sockets), [product.signal])
      const connectedIn = await crowd.connect(200)
      const idle = await residentOf(product.pid)
      await sleep(idleMs)

      const stage = { size, product, crowd, statements, sockets }
      const cut = await stormed(stage, async () => crowd.cut())
      must(cut.fresh === 0, `${cut.fresh} of ${sockets} sessions were not continued`)
      must(cut.each < 0.1, `${cut.each.toFixed(2)} statements for each socket: ${cut.said}`)
      const pid = product.pid
      const killed = await stormed(stage, async () => {
        await crowd.cut()
        await product.kill()
        await product.start()
      })
      must(product.pid !== pid, 'the server was not restarted')
      const stopped = await stormed(stage, async () => {
        await crowd.cut()
        await product.stop()
        await product.start()
      })
      const faults = await crowd.faults()
      must(faults.length === 0, `clients saw ${faults.slice(0, 3).join('; ')}`)
      const cost = await crowd.cost()
      return [
        `${count(sockets)} sockets (connected in ${seconds(connectedIn)}, ${idle.toFixed(0)} MiB resident)`,
        `cut: ${told(cut)}, all resumed`,
        `cut while killed and started: ${told(killed)}`,
        `cut while stopped and started: ${told(stopped)}`,
        `clients took ${seconds(cost.cpuMs)} of CPU and ${cost.memoryMb.toFixed(0)} MiB`,
      ].join('; ')
    } finally {
      await crowd.end()
      await product.dispose()
      await statements.stop()
      await postgres.stop()
    }
  },
}

interface Stage {
  readonly size: Size
  readonly product: Product
  readonly crowd: RemoteCrowd
  readonly statements: Statements
  readonly sockets: number
}

interface Stormed extends Return {
  readonly each: number
  readonly said: string
  readonly residentMb: number
}

async function stormed(
  { size, product, crowd, statements, sockets }: Stage,
  disturb: () => Promise<unknown>,
): Promise<Stormed> {
  await crowd.mark()
  statements.look()
  await disturb()
  const returned = await crowd.back(allowed(size, backWithinMs))
  must(returned.missing === 0, `${returned.missing} of ${sockets} were not back: ${JSON.stringify(returned)}`)
  must(returned.worst <= allowed(size, backWithinMs), `the last was back after ${seconds(returned.worst)}`)
  const caused = causedBySockets(statements.look())
  const total = caused.reduce((sum, [, times]) => sum + times, 0)
  return {
    ...returned,
    each: total / sockets,
    said: caused.map(([name, times]) => `${name} ${times}`).join(', ') || 'none',
    residentMb: await residentOf(product.pid),
  }
}

const told = ({ p50, p99, worst, busiest, residentMb, said }: Stormed) =>
  `all back in ${seconds(worst)} (half ${seconds(p50)}, p99 ${seconds(p99)}, busiest second ${count(busiest)}), ` +
  `${residentMb.toFixed(0)} MiB, statements: ${said}`

await alone(import.meta.url, storm)
