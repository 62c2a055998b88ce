import type { DeviceId, UserId } from '@switchboard/protocol'
import type { Delivery } from '../signaling/home.js'
import type { Leg } from './messages.js'
import type { NodeId } from './node-id.js'
import { createOrdered, type Ordered } from './ordered.js'

export interface Whereabouts {
  node: NodeId
  /** What the device does, in order. */
  readonly heard: Ordered
  /** Deliveries so far. */
  told: number
  /** What is delivered once something before it is, such as the session's move. */
  held: Delivery[] | undefined
  /** Rolls of its node in a row that did not name it. */
  missed: number
}

export type WhereaboutsMap = ReturnType<typeof createWhereabouts>

/** Where the devices are of the users who are at home here: those that are not listed are here and always were. */
export function createWhereabouts(self: NodeId) {
  const devices = new Map<DeviceId, Whereabouts>()

  function at(device: DeviceId, node: NodeId, heard = 0, told = 0): Whereabouts {
    const made = { node, heard: createOrdered(heard + 1), told, held: undefined, missed: 0 }
    devices.set(device, made)
    return made
  }

  return {
    get: (device: DeviceId) => devices.get(device),
    at,
    delete: (device: DeviceId) => devices.delete(device),
    isHere: (device: DeviceId) => (devices.get(device)?.node ?? self) === self,

    /** Takes the device off the list, as it goes to another home. */
    pack(device: DeviceId): Leg {
      const known = devices.get(device)
      devices.delete(device)
      if (!known) return { device, node: self, heard: 0, told: 0 }
      return { device, node: known.node, heard: known.heard.next() - 1, told: known.told }
    },

    unpack: ({ device, node, heard, told }: Leg) => at(device, node, heard, told),

    /** Its session is nowhere any more: nobody need be asked for it. */
    forsake(device: DeviceId) {
      const known = devices.get(device)
      if (known) known.node = self
    },

    devicesAt: (node: NodeId): readonly DeviceId[] =>
      [...devices].flatMap(([id, known]) => (known.node === node ? [id] : [])),

    nodes: () => new Set([...devices.values()].map(({ node }) => node)),

    /** The devices that a node says it has; returns those it has not had for a while. */
    callRoll(node: NodeId, present: ReadonlySet<DeviceId>): readonly DeviceId[] {
      const missing: DeviceId[] = []
      for (const [id, known] of devices) {
        if (known.node !== node) continue
        known.missed = present.has(id) ? 0 : known.missed + 1
        if (known.missed === 2) missing.push(id)
      }
      return missing
    },

    /** Users with devices on other nodes, and which. */
    usersAway(ownerOf: (device: DeviceId) => UserId | undefined): Map<UserId, NodeId[]> {
      const users = new Map<UserId, NodeId[]>()
      for (const [id, { node }] of devices) {
        const userId = node === self ? undefined : ownerOf(id)
        if (userId) users.set(userId, [...(users.get(userId) ?? []), node])
      }
      return users
    },

    skipLost() {
      for (const { heard } of devices.values()) heard.skipLost()
    },

    count: () => devices.size,
  }
}
