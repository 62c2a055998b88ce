import { join } from 'node:path'
import { person } from '../people.js'
import { count, millis } from './figures.js'
import { startPulse } from './pulse.js'
import { alone, must, type Scenario } from './scenario.js'
import { smallDisk } from './small-disk.js'
import { onStage } from './stage.js'

const sizes = { quick: { calls: 20 }, full: { calls: 500 } }

/** The disk that takes the log is full: the server goes on without. */
export const logDiskFull: Scenario = {
  id: 'F15',
  title: 'the disk full that takes the log',
  run: async size => {
    const disk = await smallDisk(4)
    const logFile = join(disk.dir, 'server.log')
    try {
      return await onStage({ logFile, env: { LOG_LEVEL: 'debug' } }, async stage => {
        const { pid } = stage.product
        const pulse = await startPulse(stage)
        const [caller, callee] = await stage.devices(2)
        if (!caller || !callee) throw new Error('no devices')
        await disk.fill()
        const written = stage.product.logs().length
        for (let n = 0; n < sizes[size].calls; n++) {
          caller.call(callee.number)
          await callee.until('the call', frame => frame.REASON === 'call')
          callee.accept(caller.number)
          await caller.until('the answer', frame => frame.REASON === 'callResponse')
          caller.hangUp(callee.number)
          await callee.until('the end', frame => frame.REASON === 'HangUp')
          // Each makes the server want to log something.
          await stage.rest('POST', '/get_reset_password_code', { body: { email: person().email } })
        }
        await stage.join()
        const lost = stage.product.logs().length
        must(lost - written < 8_192, 'the disk was not full')
        const beats = await pulse.stop()
        must(stage.product.pid === pid && (await isUp(stage.rest)), 'the server went down')
        await disk.free()
        await stage.product.stop()
        must(stage.product.logs().length > lost, 'nothing is logged after there is room again')
        return `${count(sizes[size].calls)} calls, 0 failed, while no line could be written; a call beside it p99 ${millis(beats.within(0.99))}; the log goes on when there is room`
      })
    } finally {
      await disk.remove()
    }
  },
}

const isUp = async (rest: (method: string, path: string) => Promise<{ status: number }>) =>
  (await rest('GET', '/health/ready')).status === 200

await alone(import.meta.url, logDiskFull)
