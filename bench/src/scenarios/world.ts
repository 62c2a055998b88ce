import { startLoad } from '../load-host.js'
import type { Effort } from '../measure/rounds.js'
import { relays, startRelay } from '../systems/relays.js'
import { type Switchboard, startSwitchboard } from '../systems/switchboard.js'
import type { System } from '../systems/system.js'
import type { Bench } from './scenario.js'

export const seededUsers = 20_000
export const contactsOfEach = 20

export interface World extends Bench {
  /** After a failure: the load forgets what it was doing. */
  renewLoad(): Promise<void>
  stop(): Promise<void>
}

/** The bench's systems, each started when it is first asked for. */
export function openWorld(effort: Effort, full: boolean, profileDir?: string): World {
  let load = startLoad()
  const owned = new Set<{ stop(): Promise<void> }>()
  const running = new Map<string, Promise<System>>()
  const owns: Bench['owns'] = system => {
    owned.add(system)
    return system
  }
  const once = <T extends System>(name: string, start: () => Promise<T>): Promise<T> => {
    const found = running.get(name) ?? start().then(owns)
    running.set(name, found)
    return found as Promise<T>
  }
  return {
    get load() {
      return load
    },
    effort,
    full,
    owns,
    switchboard: () =>
      once(
        'switchboard',
        (): Promise<Switchboard> =>
          startSwitchboard({ users: seededUsers, contacts: contactsOfEach, profileDir }),
      ),
    relay: name => once(name, () => startRelay(relays[name])),
    async renewLoad() {
      await load.stop()
      load = startLoad()
    },
    async stop() {
      await load.stop()
      await Promise.all([...owned].map(system => system.stop().catch(() => undefined)))
    },
  }
}
