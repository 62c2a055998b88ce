import type { Device } from '../device.js'

/** Two who call each other, and what the server has acknowledged of it. */
export interface Pair {
  readonly caller: Device
  readonly callee: Device
  /** Steps of this round: `call`, `answer`, `end`. */
  readonly acknowledged: Set<string>
  /** Calls of earlier rounds. */
  readonly calls: Set<string>
}

export const moments = ['idle', 'dialling', 'ringing', 'accepted', 'in call', 'hanging up'] as const
export type Moment = (typeof moments)[number]

/** Brings a pair to a moment of a call and leaves it there; ends early when the server goes. */
export async function playTo(pair: Pair, moment: Moment): Promise<void> {
  const { caller, callee, acknowledged } = pair
  acknowledged.clear()
  const step = moments.indexOf(moment)
  for (const device of [caller, callee]) noteAcks(device, acknowledged)
  try {
    if (step < 1) return
    caller.call(callee.number, undefined, { ID: `call ${Math.random()}` })
    if (step < 2) return
    await callee.until('the call', frame => frame.REASON === 'call')
    if (step < 3) return
    callee.accept(caller.number, undefined, { ID: `answer ${Math.random()}` })
    if (step < 4) return
    await caller.until('the answer', frame => frame.REASON === 'callResponse')
    caller.candidate(callee.number, 'candidate:1')
    callee.candidate(caller.number, 'candidate:2')
    if (step < 5) return
    caller.hangUp(callee.number, { ID: `end ${Math.random()}` })
  } catch (error) {
    // The kill came first. A socket that still stands and says nothing is another matter.
    if (!/the socket closed/.test((error as Error).message)) throw error
  }
}

function noteAcks({ wire }: Device, into: Set<string>): void {
  wire.socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString('utf8')) as { REASON: string; ID?: string }
    if (frame.REASON === 'ack' && frame.ID) into.add(frame.ID.split(' ')[0] ?? '')
  })
}
