import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { count, millis, seconds, Times } from './figures.js'
import { createLedger } from './ledger.js'
import { until } from './processes.js'
import { startPulse } from './pulse.js'
import { alone, must, type Scenario } from './scenario.js'
import { smallDisk } from './small-disk.js'
import { onStage } from './stage.js'

const sizes = { quick: { fullMs: 3_000 }, full: { fullMs: 30_000 } }
const refusesWithinMs = 6_000
const recoversWithinMs = 10_000

/** The disk of the embedded database fills up under load. */
export const databaseDiskFull: Scenario = {
  id: 'F16',
  title: 'the disk full that holds the embedded database',
  run: async size => {
    const disk = await smallDisk(160)
    try {
      await chmod(disk.dir, 0o755)
      const env = { DATA_DIR: join(disk.dir, 'data') }
      return await onStage({ env }, async stage => {
        const { pid } = stage.product
        const reader = await stage.join()
        const pulse = await startPulse(stage)
        const ledger = createLedger(stage.rest)
        ledger.work(4)
        await until('the first writes', () => ledger.acknowledged > 100, 30_000)
        await disk.fill()
        const since = performance.now()
        const filled = ledger.acknowledged
        const reads = new Times()
        let refusedReads = 0
        while (performance.now() - since < sizes[size].fullMs || !ledger.answers['503']) {
          await disk.fill()
          const asked = performance.now()
          const { status } = await stage.rest('GET', '/get_user', { token: reader.token })
          reads.add(performance.now() - asked)
          must(status === 200 || status === 503, `a read was answered with ${status}`)
          if (status === 503) refusedReads += 1
          must(performance.now() - since < 120_000, 'the disk is full and nothing was refused')
          await sleep(100)
        }
        const meanwhile = ledger.acknowledged - filled
        const beats = pulse.look()
        await disk.free()
        const freed = performance.now()
        await until('writes again', () => ledger.last.sent > freed, 60_000, 10)
        const back = ledger.last.acknowledged - freed
        await ledger.pause()
        await pulse.stop()
        must(stage.product.pid === pid, 'the server was replaced')
        const missing = await ledger.missing()
        must(missing.length === 0, `lost acknowledged writes: ${missing.slice(0, 5).join('; ')}`)
        const { lost } = ledger.answers
        must(ledger.odd.length === 0, `${ledger.odd.length} odd answers, like ${ledger.odd[0]}`)
        must(!lost, `${lost?.count} requests without an answer`)
        const refused = ledger.answers['503']
        must((refused?.worst ?? 0) <= refusesWithinMs, `503 came only after ${seconds(refused?.worst ?? 0)}`)
        must(back <= recoversWithinMs, `writes again only ${seconds(back)} after there was room`)
        return [
          `full for ${seconds(freed - since, 0)}: ${count(refused?.count ?? 0)} writes refused with 503 (slowest ${seconds(refused?.worst ?? 0)}), ${count(meanwhile)} still fitted`,
          `${count(reads.count)} reads, ${refusedReads} of them refused`,
          `signaling p99 ${millis(beats.within(0.99))}`,
          `writes again ${seconds(back)} after there was room`,
          `0 of ${count(ledger.acknowledged)} acknowledged writes lost`,
        ].join(', ')
      })
    } finally {
      await disk.remove()
    }
  },
}

await alone(import.meta.url, databaseDiskFull)
