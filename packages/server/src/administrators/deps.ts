import type { Clock } from '../clock.js'
import type { Hashing } from '../sessions/hashing.js'
import type { LastingSecret } from '../sessions/lasting-secret.js'
import type { Database } from '../storage/database.js'
import type { Throttles } from '../throttles/throttles.js'
import type { IdentityStores } from './stores.js'

export interface IdentityDeps {
  readonly database: Database
  readonly stores: IdentityStores
  readonly hashing: Hashing
  readonly throttles: Pick<Throttles, 'login' | 'forgetFailedLogins'>
  /** Seals the secrets of second factors, and keys the digests of recovery codes. */
  readonly sealingKey: LastingSecret
  /** Sign challenges, the newest first. */
  readonly challengeKeys: () => Promise<readonly [Buffer, ...Buffer[]]>
  readonly clock: Clock
  readonly newId: () => string
  /** The strict profile: nobody goes on without a second factor. */
  readonly strict: boolean
  /** What authenticator apps and browsers file it under. */
  readonly productName: string
}
