import { setTimeout as sleep } from 'node:timers/promises'
import { connectDevice, type Device } from '../device.js'
import { comeBack } from './come-back.js'
import { seconds } from './figures.js'
import { signal } from './processes.js'
import { alone, meanwhile, must, type Scenario } from './scenario.js'
import { onStage, type Stage } from './stage.js'

const sizes = {
  // The window passes while the server stands still.
  quick: { stalls: [2], calls: 3, resumeSeconds: 1 },
  full: { stalls: [2, 20, 60], calls: 25, resumeSeconds: 30 },
}
const ringSeconds = 60
/** Pongs as late as on a bad network: some are always under way when the server stops. */
const pongAfterMs = 600

/** The server stands still: nobody loses a call by it who did what he had to in time. */
export const stalled: Scenario = {
  id: 'F21',
  title: 'a stalled server: SIGSTOP for seconds and for a minute',
  run: async size => {
    const { stalls, calls, resumeSeconds } = sizes[size]
    const env = {
      HEARTBEAT_SECONDS: '1',
      RING_TIMEOUT_SECONDS: String(ringSeconds),
      RESUME_WINDOW_SECONDS: String(resumeSeconds),
    }
    return onStage({ env }, async stage => {
      const lines: string[] = []
      for (const stall of stalls) lines.push(await stallFor(stage, stall * 1000, calls))
      return lines.join('; ')
    })
  },
}

interface Call {
  readonly caller: Device
  readonly callee: Device
}

async function stallFor(stage: Stage, stallMs: number, count: number): Promise<string> {
  const { pid } = stage.product
  const devices = await slowDevices(stage, (count + 2) * 2)
  const [ringing, returning, ...calls] = Array.from({ length: count + 2 }, (_, index): Call => {
    const [caller, callee] = devices.slice(index * 2)
    if (!caller || !callee) throw new Error('no devices')
    return { caller, callee }
  })
  if (!ringing || !returning) throw new Error('no devices')
  for (const call of [returning, ...calls]) await establish(call)
  ringing.caller.call(ringing.callee.number)
  await ringing.callee.until('the call', frame => frame.REASON === 'call')
  // One has just lost its socket when the server stops, and knocks before anybody could answer.
  await returning.caller.drop()
  await sleep(500)
  signal(pid, 'SIGSTOP')
  stage.after(() => signal(pid, 'SIGCONT'))
  const returned = meanwhile(comeBack(returning.caller, 'resume'))
  // Others lose theirs meanwhile, and all the callees have something to say.
  const lost = stallMs > 2_000 ? calls.filter((_, index) => index % 2 === 1) : []
  for (const { caller } of lost) caller.wire.socket.terminate()
  for (const { caller, callee } of [returning, ...calls])
    callee.candidate(caller.number, 'said into the stall')
  const answered = stallMs < ringSeconds * 1000
  if (answered) ringing.callee.accept(ringing.caller.number)
  await sleep(stallMs)
  signal(pid, 'SIGCONT')
  const since = performance.now()
  await returned
  must(returning.caller.hello.RESUMED === true, 'who knocked during the stall was not taken back')
  for (const { caller } of lost) must((await caller.resume()).RESUMED === true, 'a session was not resumed')
  for (const { caller } of [returning, ...calls]) {
    await caller.until('what was said', frame => frame.CANDIDATE === 'said into the stall')
  }
  const took = performance.now() - since
  for (const call of [returning, ...calls]) await endCleanly(call)
  if (answered) {
    await ringing.caller.until('the answer', frame => frame.REASON === 'callResponse')
    await endCleanly(ringing)
  } else {
    for (const device of [ringing.caller, ringing.callee]) {
      await device.until('the end of the ring', frame => frame.CAUSE === 'no_answer')
    }
  }
  const ring = answered ? 'a ring was answered' : 'a ring timed out'
  return `${stallMs / 1000} s: ${count + 1} calls go on, ${lost.length + 1} of them with a party that had lost its socket, no other socket cut, ${ring}, all within ${seconds(took)}`
}

/** Devices whose pongs are late. */
const slowDevices = async (stage: Stage, count: number): Promise<Device[]> => {
  const accounts = await stage.crowd(count)
  return Promise.all(
    accounts.map(account =>
      connectDevice(stage.product.signal, account, {
        autoPong: false,
        onWire: ({ socket }) => {
          socket.on('ping', data => setTimeout(() => socket.pong(data), pongAfterMs))
          stage.after(() => socket.terminate())
        },
      }),
    ),
  )
}

async function establish({ caller, callee }: Call): Promise<void> {
  caller.call(callee.number)
  await callee.until('the call', frame => frame.REASON === 'call')
  callee.accept(caller.number)
  await caller.until('the answer', frame => frame.REASON === 'callResponse')
}

/** Nothing of the stall showed, and the call ends as any other. */
async function endCleanly({ caller, callee }: Call): Promise<void> {
  const seen = [...(await caller.fence()), ...(await callee.fence())]
  must(seen.length === 0, `the stall showed: ${JSON.stringify(seen)}`)
  caller.hangUp(callee.number)
  await callee.until('the end', frame => frame.CAUSE === 'hung_up')
}

await alone(import.meta.url, stalled)
