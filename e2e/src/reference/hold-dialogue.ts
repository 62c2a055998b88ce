import { openWire, type Wire } from '../wire.js'
import { dialogue, heardExample, type Party, sentExample } from './dialogue.js'

/** One frame that came where the reference has another. */
export interface Heard {
  readonly by: Party
  readonly frame: unknown
  readonly example: unknown
}

/** What the server makes up: the example stands for any of its kind. */
const ownOfServer = new Set(['CALL_ID', 'SESSION', 'AGE_MS', 'ICE_SERVERS'])

/** The frame with the example's word for what the server makes up, where it is of the same kind. */
function alike(frame: unknown, example: unknown, made: ReadonlySet<string>, name = ''): unknown {
  if (made.has(name) && typeof frame === typeof example) return example
  if (Array.isArray(frame)) return frame.map((each, at) => alike(each, (example as unknown[])?.[at], made))
  if (typeof frame !== 'object' || frame === null) return frame
  return Object.fromEntries(
    Object.entries(frame).map(([key, value]) => [
      key,
      alike(value, (example as Record<string, unknown> | undefined)?.[key], made, key),
    ]),
  )
}

/**
 * Sends every example of a client's messages to the server at `url`, as two people whose tokens are given, and gathers
 * what they hear beside what the reference says they do.
 */
export async function holdDialogue(
  url: string,
  tokens: Readonly<Record<'caller' | 'callee', string>>,
): Promise<Heard[]> {
  const wires = new Map<Party, Wire>()
  const sessions = new Map<Party, unknown>()
  const all: Heard[] = []
  const wireOf = async (party: Party) => {
    const wire = wires.get(party) ?? (await openWire(url))
    wires.set(party, wire)
    return wire
  }
  try {
    for (const turn of dialogue) {
      if (turn.first === 'loses its socket') {
        const lost = await wireOf(turn.by)
        lost.socket.terminate()
        await lost.closed
        wires.delete(turn.by)
      }
      const message = sentExample(turn)
      const wire = await wireOf(turn.by)
      wire.send({
        ...message,
        ...('TOKEN' in message && turn.by !== 'stranger' && { TOKEN: tokens[turn.by] }),
        ...('SESSION' in message && { SESSION: sessions.get(turn.by) }),
      })
      for (const expected of turn.heard) {
        const { by, message: reason } = expected
        const ears = await wireOf(by)
        // An `ack` waits for the database, and what the call does does not: their order is open.
        const inOrder = turn.heard.filter(each => each.by === by).length === 1
        const frame = await (inOrder ? ears.next(reason) : ears.pick(reason, each => each.REASON === reason))
        const made = inOrder ? ownOfServer : new Set([...ownOfServer, 'SEQ'])
        if (reason === 'connected') sessions.set(by, frame.SESSION)
        const example = heardExample(expected)
        all.push({ by, frame: alike(frame, example, made), example })
      }
    }
    // Said goodbye, so that the server knows them gone.
    const left = [...wires.values()].map(({ socket, closed }) => {
      socket.close()
      return closed
    })
    await Promise.all(left)
    return all
  } finally {
    for (const { socket } of wires.values()) socket.terminate()
  }
}
