import type { Bus } from '../bus/bus.js'
import { systemTimers } from '../clock.js'
import { askPresence } from '../cluster/presence.js'
import type { createDirectory } from '../directory/create-directory.js'
import type { Presence } from '../directory/directory.js'
import { Refusal } from '../refusal.js'
import type { RunningSignaling } from './signaling.js'

/** What was acknowledged over a socket is in the history that is asked for next. */
export function upToDate<D extends ReturnType<typeof createDirectory>>(
  directory: D,
  signaling: Pick<RunningSignaling, 'settled'>,
): D {
  const { history, export: everything } = directory
  return {
    ...directory,
    history: (...args) => signaling.settled().then(() => history(...args)),
    export: id => signaling.settled().then(() => everything(id)),
  }
}

/** `ROLE=api` serves nobody's sockets and asks those that do. */
export const presenceElsewhere = (bus: Bus): Presence => ({
  async standing(userId) {
    if (bus.alone)
      throw new Refusal('service_unavailable', 'presence is known where signaling runs; set NATS_URL')
    return askPresence(bus, userId, systemTimers)
  },
})
