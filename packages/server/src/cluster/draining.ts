import type { DeviceId, UserId } from '@switchboard/protocol'
import type { Clock, Timers } from '../clock.js'
import type { Exchange } from '../exchange/exchange.js'
import { limits } from '../limits.js'
import type { Signaling } from '../signaling/signaling.js'
import type { Handover } from './handover.js'
import type { Lines } from './lines.js'
import { writeMessage } from './messages.js'
import type { NodeId } from './node-id.js'
import type { Registrar } from './registrar.js'

export interface DrainingDeps {
  readonly self: NodeId
  readonly lines: Lines
  readonly registrar: Registrar
  readonly exchange: Pick<Exchange, 'has'>
  readonly signaling: () => Signaling
  readonly handover: () => Pick<Handover, 'push' | 'mayGo'>
  /** Nodes that stay. */
  readonly lasting: () => readonly NodeId[]
  readonly isDraining: () => boolean
  readonly clock: Clock
  readonly timers: Timers
}

/** What a node that stops gives away: users to nodes that stay, and its sessions to the homes of their users. */
export function createDraining(deps: DrainingDeps) {
  const { self, lines, registrar, exchange, signaling, handover, clock, timers } = deps
  let stopGiving: () => void = () => undefined
  let given = 0
  let isStopped = false

  /** Gives every user who is at home here to a node that stays, in turn. */
  async function giveAway() {
    for (const userId of [...registrar.here()]) {
      const lasting = deps.lasting()
      if (lasting.length === 0 || !exchange.has(userId) || !handover().mayGo(userId)) continue
      handover().push(userId, lasting[given++ % lasting.length] as NodeId)
      for (const { id, socket } of signaling().ofUser(userId)) if (!socket) giveUp(id, userId)
      if (given % limits.drainBatch === 0) await new Promise(resolve => setImmediate(resolve))
    }
  }

  /** Who was on the way here when this node began to stop, or connected in that moment. */
  function giveAwayLate() {
    if (!isStopped) stopGiving = timers.after(limits.lineAckMs, () => void giveAway().then(giveAwayLate))
  }

  /** A session lost its socket: whoever is the user's home keeps it for the next one. */
  function giveUp(device: DeviceId, user: UserId) {
    const node = registrar.nodeOf(user)
    if (!deps.isDraining() || node === undefined) return
    lines.send(node, writeMessage({ t: 'keep', at: self, user, device }))
  }

  return {
    giveUp,

    async start() {
      await giveAway()
      giveAwayLate()
    },

    /** Resolves when the others have all that this node gave them, or do not take it any more. */
    async cleared() {
      const since = clock.monotonic()
      const lasted = () => clock.monotonic() - since
      // Nodes that have not heard yet who is at home where now still send here, and it is passed on.
      while (lasted() < limits.drainLingerMs || (lines.waiting() > 0 && lasted() < limits.drainClearMs)) {
        await new Promise<void>(resolve => timers.after(limits.lineAckMs, resolve))
      }
    },

    stop() {
      isStopped = true
      stopGiving()
    },
  }
}
