import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from '../device.js'
import { millis, seconds, Times } from './figures.js'
import { inspect, inspected } from './inspector.js'
import { endsOf, isCut, portsOf } from './kernel.js'
import { until } from './processes.js'
import { startPulse } from './pulse.js'
import { alone, meanwhile, must, type Scenario } from './scenario.js'
import { onStage } from './stage.js'

const sizes = { quick: { flooded: 2, stalled: 3 }, full: { flooded: 20, stalled: 5 } }
const resumeSeconds = 2
/** 10 s without progress, some of them gone already when the kernel is known to be full. */
const cutAfterMs = 7_000
const cutWithinMs = 15_000
/** The kernel takes some MiB for each before anything stays with the server. */
const floodWithinMs = 120_000
const memoryEach = 2

/** Clients that stop reading: some are flooded on, some just stall with a little unsent. */
export const slowClients: Scenario = {
  id: 'F10',
  title: 'clients that read nothing: cut at 1 MiB unsent or after 10 s',
  run: async size => {
    const { flooded: floodedCount, stalled } = sizes[size]
    const env = { RESUME_WINDOW_SECONDS: String(resumeSeconds) }
    return onStage({ env, node: inspected }, async stage => {
      const inspector = await inspect(stage.product)
      stage.after(inspector.close)
      const pulse = await startPulse(stage)
      const pairs = await Promise.all(
        Array.from({ length: 1 + floodedCount + stalled }, async () => {
          const [sender, slow] = await stage.devices(2)
          if (!sender || !slow) throw new Error('no devices')
          sender.call(slow.number)
          await slow.until('the call', frame => frame.REASON === 'call')
          slow.accept(sender.number)
          await sender.until('the answer', frame => frame.REASON === 'callResponse')
          return { sender, slow }
        }),
      )
      const ended = new Set<Device>()
      for (const { sender } of pairs) {
        sender.wire.socket.on('message', (data: Buffer) => {
          if (data.includes('"HangUp"')) ended.add(sender)
        })
      }
      const sessions = await inspector.instances('signaling/session.js', 'Session')
      // The first flood warms everything up that grows once.
      const [first, ...others] = pairs
      if (first) await flood(first.sender, first.slow)
      const stalling = others.slice(0, stalled)
      const flooding = others.slice(stalled)
      const idle = await inspector.inUse()
      const filledAt = await Promise.all(stalling.map(({ sender, slow }) => fillKernel(sender, slow)))
      const held = ((await inspector.inUse()) - idle) / stalled
      const stalledIn = new Times()
      await Promise.all(
        stalling.map(async ({ slow }, index) => {
          await until('the cut of a stalled client', () => isCut(portsOf(slow)), cutWithinMs, 100)
          stalledIn.add(performance.now() - (filledAt[index] ?? 0))
        }),
      )
      const before = await inspector.inUse()
      let highest = before
      let flooded = false
      const watching = meanwhile(
        (async () => {
          while (!flooded) {
            highest = Math.max(highest, await inspector.inUse())
            await sleep(100)
          }
        })(),
      )
      await Promise.all(flooding.map(({ sender, slow }) => flood(sender, slow)))
      flooded = true
      await watching
      for (const { slow } of pairs) slow.wire.socket.terminate()
      await until('the end of every call', () => ended.size === pairs.length, 10_000)
      const freed = await until(
        'the sessions of the cut clients to be gone',
        async () =>
          (await inspector.instances('signaling/session.js', 'Session')) === sessions - pairs.length,
        10_000,
        200,
      )
      const beats = await pulse.stop()
      const grown = (highest - before) / flooding.length
      must(
        stalledIn.within(0) >= cutAfterMs,
        `a stalled client was cut after ${seconds(stalledIn.within(0))} already`,
      )
      must(held <= memoryEach, `${held.toFixed(2)} MiB are held for a slow client`)
      must(
        size === 'quick' || grown <= memoryEach,
        `the process grew by ${grown.toFixed(2)} MiB a flooded client`,
      )
      return [
        `${stalled} stalled clients cut after ${seconds(stalledIn.worst, 1)}, ${held.toFixed(2)} MiB held for each`,
        `${flooding.length} flooded at once cut, at most ${grown.toFixed(2)} MiB held for each`,
        `their sessions gone ${seconds(freed, 1)} later`,
        `signaling of others p99 ${millis(beats.within(0.99))}`,
      ].join(', ')
    })
  },
}

const sdp = 'x'.repeat(30 * 1024)

/** Sends to somebody who does not read until the server cuts him. */
async function flood(sender: Device, slow: Device): Promise<number> {
  const ports = portsOf(slow)
  slow.wire.socket.pause()
  const since = performance.now()
  while (!(await isCut(ports))) {
    must(performance.now() - since < floodWithinMs, 'a flooded client was not cut')
    for (let n = 0; n < 10; n++) sender.call(slow.number, sdp)
    await sender.fence()
  }
  return performance.now() - since
}

/** Fills what the kernel takes, and leaves a little with the server, well under what it is cut for; when that was. */
async function fillKernel(sender: Device, slow: Device): Promise<number> {
  const ports = portsOf(slow)
  const held = async () => {
    const { server, client } = await endsOf(ports)
    return (server?.unsent ?? 0) + (client?.unread ?? 0)
  }
  slow.wire.socket.pause()
  const messages = 4
  let before = await held()
  // Three times, because the kernel frees room a little later than it takes.
  for (let full = 0; full < 3; ) {
    for (let n = 0; n < messages; n++) sender.call(slow.number, sdp)
    await sender.fence()
    await sleep(50)
    const now = await held()
    full = now < before + messages * sdp.length ? full + 1 : 0
    before = now
  }
  return performance.now()
}

await alone(import.meta.url, slowClients)
