import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { count, millis, seconds } from './figures.js'
import { fill, handshake } from './fill.js'
import { descriptorsOf, until } from './processes.js'
import { startPulse } from './pulse.js'
import { alone, must, type Scenario } from './scenario.js'
import { onStage } from './stage.js'
import { tool } from './tools.js'

const sizes = {
  quick: { limit: 256, clients: 350, holdMs: 2_000 },
  full: { limit: 512, clients: 700, holdMs: 20_000 },
}
const recoversWithinMs = 5_000
/** A busy machine takes its time to let a crowd in. */
const gathersWithinMs = 15_000
/** For files, the database and the log, and for requests (`filesKept` and `filesForRequests` in limits.ts): at these sizes. */
const kept = 64 + 26

/** More clients than the process may have descriptors. */
export const descriptors: Scenario = {
  id: 'F18',
  title: 'descriptors exhausted: 512 allowed, 700 clients',
  run: async size => {
    const { limit, clients, holdMs } = sizes[size]
    const through = [await tool('prlimit'), `--nofile=${limit}:${limit}`]
    return onStage({ through }, async stage => {
      const { pid } = stage.product
      const pulse = await startPulse(stage)
      const account = await stage.join()
      const { hostname, port } = new URL(stage.product.signal)
      const sockets: Socket[] = []
      stage.after(() => {
        for (const socket of sockets) socket.destroy()
      })
      let highest = 0
      const begun = performance.now()
      const isHolding = (ms: number) => performance.now() < begun + ms
      // Who is cut comes again at once, as a crowd does.
      while (isHolding(holdMs) || (highest < limit - kept && isHolding(holdMs + gathersWithinMs))) {
        for (let open = sockets.filter(socket => !socket.destroyed).length; open < clients; open++) {
          const socket = connect(Number(port), hostname, () => socket.write(handshake))
          sockets.push(socket.on('error', () => socket.destroy()).on('close', () => socket.destroy()))
          socket.resume()
        }
        await sleep(250)
        highest = Math.max(highest, await descriptorsOf(pid))
      }
      const beats = pulse.look()
      for (const socket of sockets) socket.destroy()
      const works = async () => {
        const { status } = await stage.rest('GET', '/get_user', { token: account.token })
        return status === 200
      }
      const back = await until('the server after the crowd', () => works().catch(() => false), 15_000)
      const device = await stage.device(account)
      must(device.hello.RESUMED === false, 'no fresh session')
      await pulse.stop()
      must(stage.product.pid === pid, 'the server was replaced')
      must(highest >= limit - kept, `only ${highest} descriptors were in use: there was no crowd`)
      must(highest < limit, 'the crowd had every descriptor')
      const taken = await fill(stage, account.token, limit)
      must(back <= recoversWithinMs, `served again only after ${seconds(back)}`)
      return [
        `${limit} descriptors and ${clients} clients, ${count(sockets.length)} connections tried in ${seconds(holdMs, 0)}`,
        `at most ${highest} open, some always left, same process`,
        `${taken} sockets taken one by one, the next told 503 and why, REST served beside them, and one more taken when one left`,
        `a call meanwhile p99 ${millis(beats.within(0.99))}`,
        `served again ${seconds(back)} after`,
      ].join(', ')
    })
  },
}

await alone(import.meta.url, descriptors)
