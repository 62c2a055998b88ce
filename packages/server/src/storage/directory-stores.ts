import type { DirectoryStores } from '../directory/stores.js'
import { pgAccounts } from './accounts.js'
import { pgBlocks } from './blocks.js'
import { pgCallHistory } from './call-history.js'
import { pgContacts } from './contacts.js'
import type { Queryable } from './database.js'
import { pgProfiles } from './profiles.js'
import { pgRestingNumbers } from './resting-numbers.js'
import { pgUsers } from './users.js'

/** Everything the directory stores, in PostgreSQL. */
export const pgDirectoryStores = (db: Queryable): DirectoryStores => ({
  users: pgUsers(db),
  restingNumbers: pgRestingNumbers(db),
  contacts: pgContacts(db),
  blocks: pgBlocks(db),
  history: pgCallHistory(db),
  profiles: pgProfiles(db),
  accounts: pgAccounts(db),
})
