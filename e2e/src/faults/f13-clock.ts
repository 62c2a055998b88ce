import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from '../device.js'
import { seconds } from './figures.js'
import { alone, must, type Scenario } from './scenario.js'
import { onStage, type Stage } from './stage.js'
import { tool } from './tools.js'

const hour = 3_600
const day = 24 * hour
const sizes = { quick: { jumps: [hour, -day] }, full: { jumps: [hour, -hour, day, -day, 30, -30] } }
const ringSeconds = 3
const resumeSeconds = 2
/** A ring that is this much early or late was measured by the wrong clock. */
const tolerance = 700

/** The wall clock of the server jumps; its monotonic clock does not, as when somebody sets the time. */
export const clockJumps: Scenario = {
  id: 'F13',
  title: 'the wall clock jumps by an hour and a day, both ways',
  run: async size => {
    const library = await tool('faketime')
    const dir = await mkdtemp(join(tmpdir(), 'switchboard-clock-'))
    const file = join(dir, 'offset')
    const set = (offset: number) => writeFile(file, `${offset < 0 ? '' : '+'}${offset}\n`)
    await set(0)
    const env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
      RING_TIMEOUT_SECONDS: String(ringSeconds),
      RESUME_WINDOW_SECONDS: String(resumeSeconds),
    }
    try {
      return await onStage({ env }, async stage => {
        must((await skew(stage)) < 2, 'the clock is wrong already')
        const rings: string[] = []
        for (const jump of sizes[size].jumps) {
          const devices = await stage.devices(6)
          rings.push(`${tell(jump)}: rang ${seconds(await jumpBy(stage, devices, () => set(jump), jump))}`)
          await set(0)
        }
        await judgeTokens(stage, set)
        return `${rings.join(', ')} of ${ringSeconds} s; established calls, resuming and sockets untouched; tokens good until 24 h and a minute and bad after, good again when the clock is right`
      })
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  },
}

const tell = (offset: number) =>
  `${offset < 0 ? '-' : '+'}${Math.abs(offset) >= hour ? `${Math.abs(offset) / hour} h` : `${Math.abs(offset)} s`}`

/** Seconds between the server's clock and ours, from the Date field of an answer. */
async function skew({ rest }: Stage): Promise<number> {
  const { headers } = await rest('GET', '/health/live')
  return Math.abs(Date.parse(String(headers.date)) - Date.now()) / 1000
}

/** How long a ring took during which the clock jumped. */
async function jumpBy(stage: Stage, devices: readonly Device[], jump: () => Promise<void>, by: number) {
  const [caller, callee, one, other, lost, peer] = devices
  if (!caller || !callee || !one || !other || !lost || !peer) throw new Error('no devices')
  for (const [from, to] of [
    [one, other],
    [lost, peer],
  ] as const) {
    from.call(to.number)
    await to.until('the call', frame => frame.REASON === 'call')
    to.accept(from.number)
    await from.until('the answer', frame => frame.REASON === 'callResponse')
  }
  caller.call(callee.number)
  await callee.until('the call', frame => frame.REASON === 'call')
  const since = performance.now()
  await sleep(500)
  await lost.drop()
  await jump()
  await sleep(500)
  const offset = await skew(stage)
  must(Math.abs(offset - Math.abs(by)) < 5, `the server's clock is ${offset.toFixed(0)} s off, not ${by}`)
  must((await lost.resume()).RESUMED === true, 'a session was not resumed after the jump')
  for (const device of [caller, callee]) {
    await device.until('the end of the ring', frame => frame.CAUSE === 'no_answer')
  }
  const rang = performance.now() - since
  must(
    Math.abs(rang - ringSeconds * 1000) < tolerance,
    `a ring of ${ringSeconds} s took ${seconds(rang)} when the clock jumped by ${by} s`,
  )
  for (const [from, to] of [
    [one, other],
    [lost, peer],
  ] as const) {
    from.candidate(to.number, `after ${by}`)
    await to.until('it', frame => frame.CANDIDATE === `after ${by}`)
    from.hangUp(to.number)
    await to.until('the end', frame => frame.CAUSE === 'hung_up')
  }
  return rang
}

/** Tokens live by the wall clock, with a minute of leeway. */
async function judgeTokens(stage: Stage, set: (offset: number) => Promise<void>): Promise<void> {
  const account = await stage.join()
  const status = async () => (await stage.rest('GET', '/get_user', { token: account.token })).status
  for (const [offset, expected] of [
    [day - 60, 200],
    [day + 30, 200],
    [day + 90, 401],
    [-hour, 200],
    [0, 200],
  ] as const) {
    await set(offset)
    await sleep(100)
    const found = await status()
    must(found === expected, `a token was answered with ${found} at ${offset} s`)
  }
}

await alone(import.meta.url, clockJumps)
