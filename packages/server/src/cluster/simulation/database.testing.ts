import type { CallId, DeviceId, UserId } from '@switchboard/protocol'
import { type Call, calleeOf, type LivingCall } from '../../exchange/call.js'
import type { Restored } from '../../exchange/restore.js'
import type { CallStore } from '../../signaling/journal.js'
import type { Owner, Rescued, RescueStore, Seen } from '../lease.js'
import type { NodeId } from '../node-id.js'
import type { Terms } from '../terms.js'
import type { VirtualTime } from './time.testing.js'

interface Row {
  call: Call
  owner: NodeId
  term: number
}

export type SimulatedDatabase = ReturnType<typeof createDatabase>

/** What storage/calls.ts and storage/nodes.ts promise, in memory: one database that every node reaches. */
export function createDatabase(time: VirtualTime) {
  const rows = new Map<CallId, Row>()
  const nodes = new Map<NodeId, { seenAt: number; isFenced: boolean }>()
  let standIns = 0

  /** A round trip. */
  const trip = () => new Promise<void>(resolve => time.after(0.5, resolve))
  const isLiving = ({ call }: Row) => call.state !== 'ended'

  function takeAll(self: NodeId, matches: (row: Row) => boolean): Rescued {
    const taken = [...rows.values()].filter(row => isLiving(row) && matches(row))
    for (const row of taken) {
      row.owner = self
      row.term++
    }
    return {
      calls: taken.map(
        ({ call }): Restored => ({
          call: structuredClone(call) as LivingCall,
          standIn: `stand-in-${++standIns}` as DeviceId,
        }),
      ),
      terms: taken.map(({ call, term }): [CallId, number] => [call.id, term]),
    }
  }

  const rescue: RescueStore = {
    async join(node) {
      await trip()
      nodes.set(node, { seenAt: time.now(), isFenced: false })
    },
    async leave(node) {
      await trip()
      nodes.delete(node)
    },
    async beat(node) {
      await trip()
      const own = nodes.get(node)
      if (own && !own.isFenced) own.seenAt = time.now()
      const seen = [...nodes].map(
        ([id, { seenAt, isFenced }]): Seen => ({
          node: id,
          isFenced,
          ageMs: time.now() - seenAt,
          hasCalls: [...rows.values()].some(row => row.owner === id && isLiving(row)),
        }),
      )
      return { seen, at: time.now() }
    },
    async isOrphaned() {
      await trip()
      return [...rows.values()].some(row => isLiving(row) && !nodes.has(row.owner))
    },
    forget: trip,
    async takeOver(self, dead, leaseMs) {
      await trip()
      const its = nodes.get(dead)
      if (!its || (!its.isFenced && time.now() - its.seenAt <= leaseMs)) return { calls: [], terms: [] }
      its.isFenced = true
      return takeAll(self, row => row.owner === dead)
    },
    async adoptOrphans(self) {
      await trip()
      return takeAll(self, row => !nodes.has(row.owner))
    },
    async ownedBy(self) {
      await trip()
      return [...rows.values()].filter(row => isLiving(row) && row.owner === self).map(({ call }) => call.id)
    },
    async takeOwn(self, calls) {
      await trip()
      return takeAll(self, row => row.owner === self && calls.includes(row.call.id))
    },
    async ownersOf(userId: UserId) {
      await trip()
      const owners = new Set<NodeId>()
      for (const row of rows.values()) {
        const { call } = row
        if (isLiving(row) && (call.caller.userId === userId || calleeOf(call) === userId))
          owners.add(row.owner)
      }
      return [...owners].map((node): Owner => {
        const its = nodes.get(node)
        return its
          ? { node, isFenced: its.isFenced, ageMs: time.now() - its.seenAt }
          : { node: undefined, isFenced: true, ageMs: Number.POSITIVE_INFINITY }
      })
    },
  }

  return {
    rescue,
    rows: () => [...rows.values()],
    rowOf: (callId: CallId) => rows.get(callId),

    callsOf: (owner: NodeId, terms: Terms): CallStore & { living(): Promise<Restored[]> } => ({
      async write(calls) {
        await trip()
        for (const call of calls) {
          const term = terms.of(call.id)
          const before = rows.get(call.id)
          if (before && (before.term > term || (before.term === term && before.owner !== owner))) continue
          rows.set(call.id, { call: structuredClone(call), owner, term })
          if (call.state === 'ended') terms.end(call.id)
        }
      },
      living: async () => [],
    }),
  }
}
