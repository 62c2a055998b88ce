import type { UserId } from '@switchboard/protocol'
import type { SessionsDeps } from './deps.js'
import { endLogins } from './end-logins.js'

/** What an operator does to an account, from the command line or the panel. */
export interface AccountControl {
  /** Nobody logs in to it, its logins end and its sockets close within a second. False: no such account, or so already. */
  disable(userId: UserId): Promise<boolean>
  enable(userId: UserId): Promise<boolean>
}

export function createAccountControl(
  deps: Pick<SessionsDeps, 'database' | 'stores' | 'events' | 'clock'>,
): AccountControl {
  const { database, stores, events, clock } = deps
  return {
    async disable(userId) {
      const told = await database.transaction(async tx => {
        const now = new Date(clock.wall())
        if (!(await stores.credentials.setDisabled(tx, userId, now))) return undefined
        await stores.resets.voidAll(tx, userId, now)
        return endLogins(deps, tx, { userId, reason: 'disabled' })
      })
      for (const event of told ?? []) events.announce(event)
      return told !== undefined
    },
    enable: userId => database.transaction(tx => stores.credentials.setDisabled(tx, userId, null)),
  }
}
