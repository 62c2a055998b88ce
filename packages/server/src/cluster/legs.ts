import type { DeviceId } from '@switchboard/protocol'
import type { PackedLeg } from './messages.js'
import { createOrdered, type Ordered } from './ordered.js'

interface DeviceLeg {
  /** Steps that were sent to its home. */
  said: number
  readonly got: Ordered
  /** Rolls in a row after which its home, the same one, did not know it. */
  unknown: number
}

export type Legs = ReturnType<typeof createLegs>

/** Devices of this node whose home is elsewhere, or was: what they say and are told is numbered. */
export function createLegs() {
  const legs = new Map<DeviceId, DeviceLeg>()

  function open(device: DeviceId, said = 0, got = 1): DeviceLeg {
    const leg = { said, got: createOrdered(got), unknown: 0 }
    legs.set(device, leg)
    return leg
  }

  return {
    get: (device: DeviceId) => legs.get(device),
    open,
    /** The number of the device's next step. */
    nextOf(device: DeviceId): number {
      const leg = legs.get(device) ?? open(device)
      return ++leg.said
    },
    delete: (device: DeviceId) => legs.delete(device),
    counts(device: DeviceId): Pick<PackedLeg, 'said' | 'got'> {
      const leg = legs.get(device)
      return { said: leg?.said ?? 0, got: leg?.got.next() ?? 1 }
    },
    devices: () => legs.keys(),
    /** Of a roll, those that their home does not know; returns those that it has not known for a while. */
    strike(named: Iterable<DeviceId>, unknown: ReadonlySet<DeviceId>): readonly DeviceId[] {
      const struck: DeviceId[] = []
      for (const device of named) {
        const leg = legs.get(device)
        if (!leg) continue
        leg.unknown = unknown.has(device) ? leg.unknown + 1 : 0
        if (leg.unknown === 2) struck.push(device)
      }
      return struck
    },
    /** Its home has changed: that the one before did not know it says nothing. */
    forgive(device: DeviceId) {
      const leg = legs.get(device)
      if (leg) leg.unknown = 0
    },
    skipLost() {
      for (const { got } of legs.values()) got.skipLost()
    },
    count: () => legs.size,
  }
}
