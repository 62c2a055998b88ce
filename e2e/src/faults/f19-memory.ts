import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from '../device.js'
import { count, millis, seconds } from './figures.js'
import { isCut, portsOf } from './kernel.js'
import { createLedger } from './ledger.js'
import { residentOf } from './processes.js'
import { startPulse } from './pulse.js'
import { alone, must, type Scenario } from './scenario.js'
import { onStage } from './stage.js'

const sizes = {
  quick: { heap: 64, pairs: 6, floodMs: 3_000 },
  full: { heap: 96, pairs: 60, floodMs: 60_000 },
}

/** Little memory, and a flood of the largest messages to readers that stop reading. */
export const memoryPressure: Scenario = {
  id: 'F19',
  title: 'memory pressure: a flood of large messages with a small heap',
  run: async size => {
    const { heap, pairs: pairCount, floodMs } = sizes[size]
    return onStage({ node: [`--max-old-space-size=${heap}`] }, async stage => {
      const { pid } = stage.product
      const pulse = await startPulse(stage)
      const ledger = createLedger(stage.rest)
      ledger.work(2)
      const devices = await stage.devices(pairCount * 2)
      let sent = 0
      let cut = 0
      let highest = 0
      const deadline = performance.now() + floodMs
      const flood = async (caller: Device, callee: Device) => {
        caller.call(callee.number)
        await callee.until('the call', frame => frame.REASON === 'call')
        callee.accept(caller.number)
        await caller.until('the answer', frame => frame.REASON === 'callResponse')
        const sdp = 'x'.repeat(30 * 1024)
        while (performance.now() < deadline) {
          callee.wire.socket.pause()
          const ports = portsOf(callee)
          while (performance.now() < deadline) {
            for (let n = 0; n < 20; n++) caller.call(callee.number, sdp)
            sent += 20
            await caller.fence()
            if (await isCut(ports)) break
          }
          // Back again, as a phone would, to be flooded again.
          callee.wire.socket.terminate()
          cut += 1
          await callee.resume()
        }
      }
      const watching = setInterval(() => {
        void residentOf(pid).then(resident => {
          highest = Math.max(highest, resident)
        })
      }, 200)
      stage.after(() => clearInterval(watching))
      await Promise.all(
        devices.map(async (device, index) => {
          const callee = devices[index + 1]
          if (index % 2 === 0 && callee) await flood(device, callee)
        }),
      )
      await sleep(1_000)
      await ledger.pause()
      const beats = await pulse.stop()
      must(stage.product.pid === pid && (await stage.rest('GET', '/health/ready')).status === 200, 'it died')
      const missing = await ledger.missing()
      must(missing.length === 0, `lost acknowledged writes: ${missing.slice(0, 5).join('; ')}`)
      return [
        `heap of ${heap} MiB, ${pairCount} pairs flooded with ${count(sent)} messages of 30 KiB for ${seconds(floodMs, 0)}`,
        `${count(cut)} slow readers shed, the process lives with at most ${highest.toFixed(0)} MiB`,
        `a call beside it p99 ${millis(beats.within(0.99))}`,
        `0 of ${count(ledger.acknowledged)} acknowledged writes lost`,
      ].join(', ')
    })
  },
}

await alone(import.meta.url, memoryPressure)
