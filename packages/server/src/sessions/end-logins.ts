import type { LoginId, UserId } from '@switchboard/protocol'
import type { Queryable } from '../storage/database.js'
import type { AccountEvent } from './account-events.js'
import type { SessionsDeps } from './deps.js'

type Reason = Extract<AccountEvent, { kind: 'logins_ended' }>['reason']

/**
 * Ends the living logins of a user and records it; announce what comes back when the transaction is committed. Every
 * event names its login: one that says "all" could reach a node after the user has logged in there anew.
 */
export async function endLogins(
  {
    stores,
    events,
    clock,
  }: Pick<SessionsDeps, 'events' | 'clock'> & { stores: Pick<SessionsDeps['stores'], 'logins'> },
  tx: Queryable,
  { userId, reason, except }: { userId: UserId; reason: Reason; except?: LoginId },
): Promise<readonly AccountEvent[]> {
  const ended = await stores.logins.endAll(tx, userId, new Date(clock.wall()), except)
  const told = ended.map(loginId => ({ kind: 'logins_ended', userId, loginId, reason }) as const)
  await events.recordAll(tx, told)
  return told
}
