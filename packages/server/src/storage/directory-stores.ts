import type { DirectoryStores } from '../directory/stores.js'
import type { KeyRing } from '../sessions/keys.js'
import { createLastingSecret } from '../sessions/lasting-secret.js'
import { type EventSink, noEvents } from '../webhooks/deliveries.js'
import { pgAccounts } from './accounts.js'
import { pgBlocks } from './blocks.js'
import { pgCallHistory } from './call-history.js'
import { pgContacts } from './contacts.js'
import type { Queryable } from './database.js'
import { lastingSecrets } from './lasting-secrets.js'
import { pgProfiles } from './profiles.js'
import { pgRestingNumbers } from './resting-numbers.js'
import { pgUsers } from './users.js'

/** The secret of the numbers that rest: it outlasts token keys when it is asked for between two rotations. */
export const restingNumbersSecret = (secrets: KeyRing['secrets']) =>
  createLastingSecret({ store: lastingSecrets, secrets }, 'resting numbers')

/** Everything the directory stores, in PostgreSQL. `secrets` key the hashes in it; `events` hear of users that come and go. */
export const pgDirectoryStores = (
  db: Queryable,
  secrets: KeyRing['secrets'],
  events: EventSink = noEvents,
): DirectoryStores => ({
  users: pgUsers(db, events),
  restingNumbers: pgRestingNumbers(db, restingNumbersSecret(secrets)),
  contacts: pgContacts(db),
  blocks: pgBlocks(db),
  history: pgCallHistory(db),
  profiles: pgProfiles(db),
  accounts: pgAccounts(db, secrets, events),
})
