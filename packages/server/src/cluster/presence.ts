import type { UserId } from '@switchboard/protocol'
import type { Bus } from '../bus/bus.js'
import type { Timers } from '../clock.js'
import { Refusal } from '../refusal.js'
import { whereIs } from './where.js'

/** Whether a user who is at home on some other node can be reached, and is in a call. */
export async function askPresence(bus: Bus, userId: UserId, timers: Timers) {
  try {
    const { reachable = false, inCall = false } = (await whereIs(bus, userId, timers)) ?? {}
    return { reachable, inCall }
  } catch {
    throw new Refusal('service_unavailable', 'who is connected cannot be asked just now')
  }
}
