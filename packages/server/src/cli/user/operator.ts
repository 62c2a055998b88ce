import { v7 as newId } from 'uuid'
import { systemClock as clock } from '../../clock.js'
import { createDirectory } from '../../directory/create-directory.js'
import type { Directory } from '../../directory/directory.js'
import { numberingPlan } from '../../directory/phone-number.js'
import { createLogger } from '../../log.js'
import { type AccountControl, createAccountControl } from '../../sessions/account-control.js'
import { createAccountEvents } from '../../sessions/account-feed.js'
import { readKeys, secretsOf } from '../../sessions/keys.js'
import { accountFeed } from '../../storage/account-feed.js'
import { credentials } from '../../storage/credentials.js'
import { pgDirectoryStores } from '../../storage/directory-stores.js'
import { logins } from '../../storage/logins.js'
import { passwordResets } from '../../storage/password-resets.js'
import { noEvents } from '../../webhooks/deliveries.js'
import { endpointsOf } from '../../webhooks/endpoints.js'
import type { Opened } from '../open-database.js'

/** What an operator may do. Servers that run hear of it by the feed in the database. */
export interface Operator extends AccountControl {
  delete: (id: Parameters<Directory['remove']>[0]) => Promise<void>
}

export function operator({ config, database }: Opened): Operator {
  const log = createLogger('silent')
  const events = createAccountEvents({ database, feed: accountFeed, clock, newId, log })
  const stores = { credentials, logins, resets: passwordResets }
  const directory = createDirectory({
    database,
    stores: pgDirectoryStores(
      database,
      async purpose => secretsOf(await readKeys(config.tokenKeyFile), purpose),
      { ...noEvents, endpoints: endpointsOf(config.webhooks.urls).map(({ id }) => id) }, // servers send them
    ),
    canonicalise: numberingPlan(config.numbering),
    hashNewPassword: () => Promise.reject(new Error('an operator sets no passwords')),
    confirmPassword: () => Promise.reject(new Error('an operator knows no passwords')),
    accountEvents: events,
    notify: async () => {},
    clock,
    newId,
    securityProfile: config.securityProfile,
  })
  return {
    ...createAccountControl({ database, stores, events, clock }),
    // Whoever holds the database and the key needs no password of its users.
    delete: directory.remove,
  }
}
