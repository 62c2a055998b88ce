import type { Clock } from '../clock.js'
import type { Config } from '../config.js'
import type { Logger } from '../log.js'
import type { Database, Queryable } from '../storage/database.js'
import type { Throttles } from '../throttles/throttles.js'
import type { FollowedAccountEvents } from './account-feed.js'
import type { Hashing } from './hashing.js'
import type { KeyRing } from './keys.js'
import type { ResetCodes } from './reset-codes.js'
import type { SessionStores } from './stores.js'

/** What sessions ask of the mail. */
export interface SessionMail {
  /** Queues a reset code for whoever has that email: one insert, account or not. */
  requestReset(email: string): Promise<void>
  /** Queues a notice, within the transaction of the change it tells of. */
  notify(tx: Queryable, kind: 'password_changed', recipient: string): Promise<void>
}

export interface SessionsDeps {
  readonly config: Pick<Config, 'securityProfile' | 'tokenTtlSeconds'>
  readonly database: Database
  readonly stores: SessionStores
  readonly keys: KeyRing
  readonly hashing: Hashing
  readonly events: FollowedAccountEvents
  readonly resetCodes: ResetCodes
  readonly mail: SessionMail
  readonly throttles: Pick<Throttles, 'resetCode' | 'forgetFailedLogins'>
  readonly clock: Clock
  readonly newId: () => string
  readonly log: Logger
}
