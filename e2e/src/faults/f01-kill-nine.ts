import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from '../device.js'
import { comeBack } from './come-back.js'
import { chance, count, freshSeed, seconds, Times } from './figures.js'
import { createLedger } from './ledger.js'
import { type Moment, moments, type Pair, playTo } from './moments.js'
import { until } from './processes.js'
import { allowed, alone, meanwhile, must, type Scenario } from './scenario.js'
import { onStage, type Stage } from './stage.js'

const sizes = {
  quick: { rounds: 2, pairs: 4, writers: 2 },
  full: { rounds: 200, pairs: 6, writers: 3 },
}

const ringSeconds = 3
const resumeSeconds = 2
/** The promise is 65 s with a ring of 60: the longer wait, and five seconds. */
const callableWithinMs = (Math.max(ringSeconds, resumeSeconds) + 5) * 1000

/** kill -9 of the server at random moments of calls and writes. */
export const killNine: Scenario = {
  id: 'F1',
  title: 'kill -9 of the server at random moments of a call',
  run: async size => {
    const { rounds, pairs: pairCount, writers } = sizes[size]
    const random = chance(freshSeed())
    const env = {
      RING_TIMEOUT_SECONDS: String(ringSeconds),
      RESUME_WINDOW_SECONDS: String(resumeSeconds),
    }
    return onStage({ env }, async stage => {
      const devices = await stage.devices(pairCount * 2)
      const pairs = Array.from({ length: pairCount }, (_, index) => pairOf(devices, index))
      const ledger = createLedger(stage.rest)
      const backIn = new Times()
      const callableIn = new Times()
      let steps = 0
      let slowest = ''
      for (let round = 0; round < rounds; round++) {
        ledger.work(writers)
        const played = pairs.map(pair => ({ pair, moment: random.pick(moments) }))
        const playing = meanwhile(Promise.all(played.map(({ pair, moment }) => playTo(pair, moment))))
        // In the midst of it, or when most of it is acknowledged.
        await sleep(random.below(random.next() < 0.5 ? 60 : 800))
        await stage.product.kill()
        await Promise.all([playing, ledger.pause()])
        const killedAt = performance.now()
        await stage.product.start()
        backIn.add(performance.now() - killedAt)
        const absent = random.below(pairCount)
        const how = random.next() < 0.5 ? 'resume' : 'reconnect'
        await Promise.all(
          played.map(async ({ pair, moment }, index) => {
            const where = `round ${round}, ${moment}, ${how}${index === absent ? ', callee away' : ''}`
            try {
              const settled = await settle(stage, pair, moment, how, index === absent)
              steps += settled // not in one line: the sum would be read before the others have added theirs
              await callable(pair)
              const took = performance.now() - killedAt
              if (took > callableIn.worst) slowest = where
              callableIn.add(took)
            } catch (error) {
              throw new Error(`${where} (seed ${random.seed}): ${(error as Error).message}`, { cause: error })
            }
          }),
        )
      }
      const missing = await ledger.missing()
      must(missing.length === 0, `lost acknowledged writes: ${missing.slice(0, 5).join('; ')}`)
      must(
        callableIn.worst <= allowed(size, callableWithinMs),
        `a user was callable again after ${seconds(callableIn.worst)} only: ${slowest}`,
      )
      return [
        `${rounds} kills`,
        `0 of ${count(steps)} acknowledged steps of calls lost`,
        `0 of ${count(ledger.acknowledged)} acknowledged account writes lost`,
        `server back in ${seconds(backIn.within(0.5))} (slowest ${seconds(backIn.worst)})`,
        `everybody callable again within ${seconds(callableIn.worst)}, timers of ${ringSeconds} and ${resumeSeconds} s included`,
      ].join(', ')
    })
  },
}

function pairOf(devices: readonly Device[], index: number): Pair {
  const [caller, callee] = devices.slice(index * 2)
  if (!caller || !callee) throw new Error('too few devices')
  return { caller, callee, acknowledged: new Set(), calls: new Set() }
}

/** Both come back; what was acknowledged must be there, and what is over must be told. The steps looked at. */
async function settle(
  { rest }: Stage,
  pair: Pair,
  moment: Moment,
  how: 'resume' | 'reconnect',
  calleeStaysAway: boolean,
): Promise<number> {
  const { caller, callee, acknowledged, calls } = pair
  await comeBack(caller, how)
  if (!calleeStaysAway) await comeBack(callee, how)
  const { body } = await rest('GET', '/get_call_history?limit=1', { token: caller.account.token })
  const [latest] = body.calls as { call_id: string; answered_at: string | null; ended_at: string | null }[]
  const call = latest && !calls.has(latest.call_id) ? latest : undefined
  if (call) calls.add(call.call_id)
  must(!acknowledged.has('call') || call !== undefined, 'an acknowledged call is gone')
  must(!acknowledged.has('answer') || Boolean(call?.answered_at), 'an acknowledged answer is gone')
  must(!acknowledged.has('end') || Boolean(call?.ended_at), 'an acknowledged hang-up is gone')
  const standing = (device: Device) => device.hello.CALLS as { CALL_ID: string; STATE: string }[]
  const [mine] = standing(caller)
  if (acknowledged.has('end')) must(mine === undefined, 'a call that was hung up lives again')
  const isOver = (frame: { REASON: string; CALL_ID?: unknown }) =>
    frame.CALL_ID === mine?.CALL_ID &&
    (frame.REASON === 'HangUp' || (frame.REASON === 'callResponse' && moment !== 'accepted'))
  if (mine && calleeStaysAway) {
    await caller.until('the end of a call whose callee stays away', isOver)
  } else if (mine?.STATE === 'established') {
    must(standing(callee)[0]?.CALL_ID === mine.CALL_ID, 'the two parties see different calls')
    caller.hangUp(callee.number)
    await callee.until('the end of the call', isOver)
  } else if (mine) {
    // Whom `connected` did not tell of the call knows that it is over.
    const ringing = [caller, callee].filter(device => standing(device).length > 0)
    await Promise.all(ringing.map(device => device.until('the end of the ringing', isOver)))
  }
  if (calleeStaysAway) await comeBack(callee, how)
  return acknowledged.size
}

/** Each calls the other, who rings and declines. */
async function callable({ caller, callee, calls }: Pair): Promise<void> {
  for (const [one, other] of [
    [caller, callee],
    [callee, caller],
  ] as const) {
    other.wire.drain()
    one.wire.drain()
    const rings = async () => {
      one.call(other.number)
      const answer = await one.until(
        'an answer to the call',
        ({ REASON }) => REASON === 'ringing' || REASON === 'HangUp' || REASON === 'error',
      )
      return answer.REASON === 'ringing'
    }
    await until('callable again', rings, callableWithinMs)
    const incoming = await other.until('the call', frame => frame.REASON === 'call')
    calls.add(String(incoming.CALL_ID))
    other.deny(one.number)
    await one.until('the refusal', frame => frame.REASON === 'callResponse')
  }
}

await alone(import.meta.url, killNine)
