import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from '../device.js'
import { count, seconds } from './figures.js'
import { isCut, portsOf } from './kernel.js'
import { createLedger } from './ledger.js'
import { isAlive, residentOf } from './processes.js'
import { alone, must, type Scenario } from './scenario.js'
import { onStage, type Stage } from './stage.js'

const sizes = {
  quick: [{ heap: 96, pairs: 6, floodMs: 3_000, lives: true }],
  full: [
    { heap: 256, pairs: 60, floodMs: 60_000, lives: true },
    { heap: 40, pairs: 60, floodMs: 60_000, lives: false },
  ],
} as const satisfies Record<string, readonly Squeeze[]>

interface Squeeze {
  /** MiB for `--max-old-space-size`. */
  readonly heap: number
  readonly pairs: number
  readonly floodMs: number
  /** Whether that much memory has to do. */
  readonly lives: boolean
}

/** Little memory, and a flood of the largest messages to readers that do not read. */
export const memoryPressure: Scenario = {
  id: 'F19',
  title: 'memory pressure: a flood of large messages with a small heap, and with one that is too small',
  run: async size => {
    const lines: string[] = []
    for (const squeeze of sizes[size]) {
      const node = [`--max-old-space-size=${squeeze.heap}`]
      lines.push(await onStage({ node }, stage => suffer(stage, squeeze)))
    }
    return lines.join('; ')
  },
}

async function suffer(stage: Stage, { heap, pairs, floodMs, lives }: Squeeze): Promise<string> {
  const { pid } = stage.product
  const ledger = createLedger(stage.rest)
  ledger.work(2)
  const devices = await stage.devices(pairs * 2)
  const deadline = performance.now() + floodMs
  const goesOn = () => performance.now() < deadline && isAlive(pid)
  let [sent, shed, highest] = [0, 0, 0]
  const flood = async (caller: Device, callee: Device) => {
    caller.call(callee.number)
    await callee.until('the call', frame => frame.REASON === 'call')
    callee.accept(caller.number)
    await caller.until('the answer', frame => frame.REASON === 'callResponse')
    const sdp = 'x'.repeat(30 * 1024)
    while (goesOn()) {
      callee.wire.socket.pause()
      const ports = portsOf(callee)
      while (goesOn() && !(await isCut(ports))) {
        for (let n = 0; n < 20; n++) caller.call(callee.number, sdp)
        await caller.fence()
        sent += 20
      }
      // Comes back, as a phone would, to be flooded again.
      callee.wire.socket.terminate()
      if (!goesOn()) return
      shed += 1
      await callee.resume()
    }
  }
  const watching = setInterval(() => {
    void residentOf(pid).then(
      resident => {
        highest = Math.max(highest, resident || 0)
      },
      () => {},
    )
  }, 200)
  stage.after(() => clearInterval(watching))
  const floods = devices.map(async (device, index) => {
    const callee = devices[index + 1]
    if (index % 2 === 0 && callee) await flood(device, callee)
  })
  const ends = await Promise.allSettled(floods)
  const died = !isAlive(pid)
  if (!died) for (const end of ends) if (end.status === 'rejected') throw end.reason
  await ledger.pause()
  must(!(died && lives), `the server died of ${heap} MiB under ${pairs} floods`)
  let back = ''
  if (died) {
    const since = performance.now()
    await stage.product.kill()
    await stage.product.start()
    back = `, died of it, was started again in ${seconds(performance.now() - since)}`
  }
  await sleep(500)
  must((await stage.rest('GET', '/health/ready')).status === 200, 'not ready')
  const missing = await ledger.missing()
  must(missing.length === 0, `lost acknowledged writes: ${missing.slice(0, 5).join('; ')}`)
  return `heap of ${heap} MiB: ${pairs} floods of ${count(sent)} messages of 30 KiB, ${count(shed)} slow readers shed, at most ${highest.toFixed(0)} MiB resident${back}, 0 of ${count(ledger.acknowledged)} acknowledged writes lost`
}

await alone(import.meta.url, memoryPressure)
