import type { LoginId } from '@switchboard/protocol'
import { boundedMap } from '../bounded-map.js'
import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import type { AccountEvent } from './account-events.js'
import type { LoginState } from './stores.js'

export interface LoginMemoryDeps {
  /** One indexed read; undefined when the login does not live. */
  readonly read: (loginId: LoginId) => Promise<LoginState | undefined>
  /** False while events may have been missed: nothing remembered counts then. */
  readonly isCurrent: () => boolean
  readonly clock: Clock
}

export interface FoundLogin {
  readonly state: LoginState
  /** Read this moment, and no event since: whatever else it says of the user is so as well. */
  readonly isOfNow: boolean
}

/** Which logins live, remembered until an event says otherwise. */
export function createLoginMemory({ read, isCurrent, clock }: LoginMemoryDeps) {
  const states = boundedMap<LoginId, { readonly state: LoginState; readonly readAt: number }>(
    limits.rememberedLogins,
  )
  const reading = new Map<LoginId, Promise<LoginState | undefined>>()
  /** Rises with every event: what was read before it may be out of date when it arrives. */
  let generation = 0

  async function readNow(loginId: LoginId): Promise<LoginState | undefined> {
    const begun = { generation, readAt: clock.monotonic() }
    const state = await read(loginId)
    if (state && generation === begun.generation) states.set(loginId, { state, readAt: begun.readAt })
    return state
  }

  function readOnce(loginId: LoginId): Promise<LoginState | undefined> {
    const under = reading.get(loginId)
    if (under) return under
    const begun = readNow(loginId).finally(() => {
      if (reading.get(loginId) === begun) reading.delete(loginId)
    })
    reading.set(loginId, begun)
    return begun
  }

  return {
    /** The living login; undefined when it has ended. Fails when nothing is remembered and the database is away. */
    async find(loginId: LoginId): Promise<FoundLogin | undefined> {
      const known = states.get(loginId)
      const remembered = known && isCurrent() && clock.monotonic() - known.readAt < limits.rememberedLoginMs
      const begun = generation
      const state = remembered ? known.state : await readOnce(loginId)
      if (!state || state.expiresAt.getTime() <= clock.wall()) return undefined
      return { state, isOfNow: !remembered && generation === begun }
    },

    forget(event: AccountEvent): void {
      generation += 1
      reading.clear()
      const loginId = event.kind === 'logins_ended' ? event.loginId : undefined
      if (loginId) states.delete(loginId)
      else states.deleteWhere(({ state }) => state.userId === event.userId)
    },
  }
}
