import { setTimeout as sleep } from 'node:timers/promises'
import { type ClusterStage, establish, finish, onCluster, passing, returned, talk } from './cluster-stage.js'
import { seconds } from './figures.js'
import { isAlive, signal, until } from './processes.js'
import { alone, must, type Scenario } from './scenario.js'

const sizes = { quick: { stalls: [2, 8] }, full: { stalls: [2, 20, 60] } }
/** After this long without a sign of life others have taken over for certain: the lease, and a look at it. */
const fencedAfterMs = 6_000
const resumeWindowMs = 30_000

/** One node of several stands still. A short while changes nothing; after a long one others decide, and it ends itself. */
export const nodeStalled: Scenario = {
  id: 'F21B',
  title: 'a node of several that stands still: SIGSTOP for seconds and for a minute',
  run: async size => {
    const lines: string[] = []
    for (const stall of sizes[size].stalls) {
      const stallMs = stall * 1000
      const env = { RING_TIMEOUT_SECONDS: '120' }
      const line = await onCluster(3, env, stage =>
        stallMs < 4_000 ? blink(stage, stallMs) : faint(stage, stallMs),
      )
      lines.push(`${stall} s: ${line}`)
    }
    return lines.join('; ')
  },
}

/** Nobody notices but by waiting. */
async function blink(stage: ClusterStage, stallMs: number): Promise<string> {
  const [still, b, c] = [stage.at(0), stage.at(1), stage.at(2)]
  const [caller, ringing] = await stage.devices(still, 2)
  const [callee] = await stage.devices(b, 1)
  const [rung] = await stage.devices(c, 1)
  if (!caller || !callee || !ringing || !rung) throw new Error('no devices')
  const callId = await establish(caller, callee)
  ringing.call(rung.number)
  await rung.until('the call', frame => frame.REASON === 'call')
  const sockets = [caller, callee, ringing, rung].map(device => device.wire)
  stage.after(() => signal(still.pid, 'SIGCONT'))
  signal(still.pid, 'SIGSTOP')
  callee.candidate(caller.number, 'said into the stall')
  rung.accept(ringing.number)
  await sleep(stallMs)
  signal(still.pid, 'SIGCONT')
  const since = performance.now()
  await caller.until('what was said', frame => frame.CANDIDATE === 'said into the stall')
  await ringing.until('the answer', frame => frame.REASON === 'callResponse')
  const settled = performance.now() - since
  await talk(caller, callee)
  await finish(caller, callee, callId)
  must(
    sockets.every(({ socket }) => socket.readyState === socket.OPEN),
    'a socket was cut',
  )
  must(isAlive(still.pid), 'the node ended')
  return `no socket cut, what was said meanwhile arrived ${seconds(settled)} after`
}

/** Others take over; the node finds out when it wakes. */
async function faint(stage: ClusterStage, stallMs: number): Promise<string> {
  const [still, b, c] = [stage.at(0), stage.at(1), stage.at(2)]
  const [caller, ringing, deaf, fellow] = await stage.devices(still, 4)
  const [callee] = await stage.devices(b, 1)
  const [rung] = await stage.devices(c, 1)
  if (!caller || !callee || !ringing || !rung || !deaf || !fellow) throw new Error('no devices')
  const callId = await establish(caller, callee)
  const deafId = await establish(deaf, fellow)
  ringing.call(rung.number)
  const { CALL_ID: ringId } = await rung.until('the call', frame => frame.REASON === 'call')
  await ringing.ask({ REASON: 'ICECandidate', RECEIVER_PHONE_NUMBER: rung.number, CANDIDATE: 'written' })
  const sent = Promise.all([callee.closed, rung.closed])
  const { pid } = still
  stage.after(() => signal(pid, 'SIGCONT'))
  signal(pid, 'SIGSTOP')
  const since = performance.now()
  // Who was connected elsewhere is told to come back; who was connected here finds out by itself.
  await sent
  await Promise.all([returned(callee, b), returned(rung, c)])
  caller.wire.socket.terminate()
  ringing.wire.socket.terminate()
  await Promise.all([returned(caller, b), returned(ringing, c)])
  const took = performance.now() - since
  must(took < Math.min(stallMs, fencedAfterMs + 4_000), `calls were with others after ${seconds(took)}`)
  await talk(caller, callee)
  rung.accept(ringing.number)
  await ringing.until('the answer', frame => frame.CALL_ID === ringId && frame.REASON === 'callResponse')
  // Somebody has not noticed yet, and says something into the dead node that it would believe.
  const stale = deaf.wire
  stale.send({ REASON: 'HangUp', RECEIVER_PHONE_NUMBER: fellow.number, CALL_ID: deafId, ID: 'stale' })
  await returned(fellow, c)
  const isLate = stallMs > resumeWindowMs
  if (isLate) {
    await sleep(resumeWindowMs - (performance.now() - since) + 1_000)
    await fellow.until('the end', frame => frame.CAUSE === 'connection_lost')
  }
  await sleep(Math.max(0, stallMs - (performance.now() - since)))
  signal(pid, 'SIGCONT')
  const woken = performance.now()
  await until('the node to end itself', () => !isAlive(pid), 10_000)
  const ended = performance.now() - woken
  // What the dead node believed changed nothing: the call is where the others have it.
  const believed = stale.drain().filter(frame => frame.REASON === 'ack')
  must(believed.length === 0, 'the fenced node acknowledged something')
  await returned(deaf, b)
  if (!isLate) {
    await talk(deaf, fellow)
    await finish(deaf, fellow, deafId)
  }
  await passing(deaf, fellow)
  await talk(caller, callee)
  await finish(caller, callee, callId)
  await finish(ringing, rung, String(ringId))
  await passing(caller, rung)
  return `its calls and its ring went on at the others after ${seconds(took)}, it ended itself ${seconds(ended)} after it woke, what it had believed changed nothing`
}

await alone(import.meta.url, nodeStalled)
