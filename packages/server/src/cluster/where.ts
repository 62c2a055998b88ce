import type { UserId } from '@switchboard/protocol'
import { type Bus, NoResponders } from '../bus/bus.js'
import type { Timers } from '../clock.js'
import { limits } from '../limits.js'
import { homeSubject, type NodeId } from './node-id.js'

/** What the node at which a user is at home says of it. */
export interface Standing {
  readonly node: NodeId
  readonly reachable: boolean
  readonly inCall: boolean
}

/** Why a node thinks that a user is at home there. */
export interface Claim {
  /** It decides about a call of this user. */
  readonly calls: boolean
  /** How often those calls changed hands: who has them by the last change has them. */
  readonly term?: number
  /** Wall clock. */
  readonly since: number
  readonly node: NodeId
}

export type HomeMessage = { readonly op: 'where' } | { readonly op: 'claim'; readonly claim: Claim }

export const writeHomeMessage = (message: HomeMessage) => JSON.stringify(message)

export function readHomeMessage(text: string): HomeMessage | undefined {
  try {
    return JSON.parse(text) as HomeMessage
  } catch {
    return undefined
  }
}

/** A total order: of two nodes that claim a user both find the same one first. Calls outweigh age; whoever took them over has them. */
export function isBefore(a: Claim, b: Claim): boolean {
  if (a.calls !== b.calls) return a.calls
  const newer = (a.term ?? 0) - (b.term ?? 0)
  if (newer !== 0) return newer > 0
  return a.since === b.since ? a.node < b.node : a.since < b.since
}

/**
 * Asks at which node a user is at home; undefined: at none. Asked twice, for a subscription made on one node takes a
 * moment to be known on another. Rejects when the bus gives no answer.
 */
export async function whereIs(
  bus: Bus,
  userId: UserId,
  timers: Timers,
  withinMs: number = limits.busRequestMs,
): Promise<Standing | undefined> {
  for (let tries = 0; tries < 2; tries++) {
    try {
      const text = await bus.request(homeSubject(userId), '{"op":"where"}', withinMs)
      return JSON.parse(text) as Standing
    } catch (error) {
      if (!(error instanceof NoResponders)) throw error
      if (tries === 0) await new Promise<void>(resolve => timers.after(limits.busAskAgainMs, resolve))
    }
  }
  return undefined
}
