import type { PhoneNumber } from '@switchboard/protocol'
import type { Clock } from '../clock.js'
import type { AccountEvents } from '../sessions/account-events.js'
import type { Sessions } from '../sessions/sessions.js'
import type { Database, Queryable } from '../storage/database.js'
import { invalid } from './invalid.js'
import type { Canonicalise } from './phone-number.js'
import type { DirectoryStores } from './stores.js'

export interface DirectoryDeps {
  readonly database: Database
  readonly stores: DirectoryStores
  readonly canonicalise: Canonicalise
  readonly hashNewPassword: Sessions['hashNewPassword']
  readonly confirmPassword: Sessions['confirmPassword']
  readonly accountEvents: AccountEvents
  /** Queues a notice within the transaction of what it tells of. */
  readonly notify: (tx: Queryable, kind: 'number_changed', recipient: string) => Promise<void>
  readonly clock: Clock
  readonly newId: () => string
  readonly securityProfile: 'standard' | 'strict'
}

/** The number that was written, or a refusal that names the field. */
export function numberOf(canonicalise: Canonicalise, written: string, path: string): PhoneNumber {
  const number = canonicalise(written)
  if (number === undefined) throw invalid(path, 'must be a phone number')
  return number
}
