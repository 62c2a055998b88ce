import type { ApiDeps } from '../admin/api.js'
import { createFromHere } from '../admin/from-here.js'
import { identityRoutes } from '../admin/identity/routes.js'
import type { AdminRoute } from '../admin/route.js'
import { createIdentity, type Identity } from '../administrators/identity.js'
import type { Clock } from '../clock.js'
import type { Config } from '../config.js'
import type { Logger } from '../log.js'
import { adminSessions } from '../storage/admin-sessions.js'
import { administrators } from '../storage/administrators.js'
import { auditLog } from '../storage/audit-log.js'
import type { Database } from '../storage/database.js'
import { secondFactors } from '../storage/second-factors.js'
import type { ClientAddress } from '../throttles/client-address.js'
import type { RunningAccounts } from './accounts.js'

const brand = 'Switchboard'

export interface PanelDeps {
  readonly config: Pick<Config, 'adminHost' | 'adminPort' | 'adminOrigin' | 'securityProfile'>
  readonly database: Database
  readonly accounts: Pick<RunningAccounts, 'throttles' | 'secrets' | 'hashing' | 'administratorsKey'>
  readonly clientAddress: ClientAddress
  readonly clock: Clock
  readonly newId: () => string
  readonly log: Logger
  readonly version: string
  /** What the panel shows and does, beside who may. */
  readonly routes: readonly AdminRoute[]
}

/** Who may use the panel, and its routes behind that. */
export function startPanel({ config, database, accounts, version, routes, ...deps }: PanelDeps) {
  const { throttles, secrets, hashing, administratorsKey: sealingKey } = accounts
  const stores = { administrators, factors: secondFactors, sessions: adminSessions, audit: auditLog }
  const identity = createIdentity({
    ...{ ...deps, database, stores, hashing, throttles, sealingKey, productName: brand },
    challengeKeys: () => secrets('challenges of administrators'),
    strict: config.securityProfile === 'strict',
  })
  const panel: ApiDeps = {
    ...deps,
    ...{ throttles, routes: [...identityRoutes(identity, { version, brand }), ...routes] },
    sessions: { find: identity.sessions.find, isNew: identity.isNew },
    record: identity.audit.record,
    fromHere: createFromHere(config),
  }
  return { identity, panel }
}

/** The link by which the first administrator makes an account; undefined once there is one. */
export async function firstLink(
  { isNew, firstLink: link }: Identity,
  { adminHost, adminOrigin }: Pick<Config, 'adminHost' | 'adminOrigin'>,
  address: string | undefined,
): Promise<string | undefined> {
  if (address === undefined || !(await isNew())) return undefined
  const url = new URL(adminOrigin ?? address)
  // Passkeys belong to a name, and this machine has one.
  if (adminOrigin === undefined && /^(127\.0\.0\.1|::1)$/.test(adminHost)) url.hostname = 'localhost'
  return `${url.origin}/welcome#${link.make()}`
}
