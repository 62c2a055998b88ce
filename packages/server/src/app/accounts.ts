import type { Bus } from '../bus/bus.js'
import type { Clock } from '../clock.js'
import type { Config } from '../config.js'
import type { Logger } from '../log.js'
import { createMail, type Mail } from '../mail/create-mail.js'
import { loadTemplates } from '../mail/templates.js'
import type { Meter } from '../meter.js'
import { type AccountControl, createAccountControl } from '../sessions/account-control.js'
import { createAccountEvents } from '../sessions/account-feed.js'
import { createSessions } from '../sessions/create-sessions.js'
import { createHashing, type Hashing } from '../sessions/hashing.js'
import { type KeyRing, openKeyRing } from '../sessions/keys.js'
import type { LastingSecret } from '../sessions/lasting-secret.js'
import { createResetCodes } from '../sessions/reset-codes.js'
import type { Sessions } from '../sessions/sessions.js'
import type { SessionStores } from '../sessions/stores.js'
import { accountFeed } from '../storage/account-feed.js'
import { administratorsSecret } from '../storage/administrators.js'
import { credentials } from '../storage/credentials.js'
import type { Database } from '../storage/database.js'
import { restingNumbersSecret } from '../storage/directory-stores.js'
import { pgFailedLogins } from '../storage/failed-logins.js'
import { logins } from '../storage/logins.js'
import { mailJobs } from '../storage/mail-jobs.js'
import { passwordResets } from '../storage/password-resets.js'
import { pgThrottles } from '../storage/throttles.js'
import { createThrottles } from '../throttles/create-throttles.js'
import type { Throttles } from '../throttles/throttles.js'
import type { Tripped } from '../throttles/tripped.js'
import type { Trips } from '../throttles/trips.js'

/** Something about an account changed. */
const newsSubject = 'switchboard.accounts'

export interface AccountsDeps {
  readonly config: Config
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly newId: () => string
  readonly log: Logger
  readonly meter: Meter
  readonly tripped: Tripped
  readonly trips: Pick<Trips, 'note'>
}

/** Logins, tokens and mail at work: what the rest of the server asks of accounts. */
export interface RunningAccounts {
  readonly sessions: Sessions
  readonly accountEvents: ReturnType<typeof createAccountEvents>
  readonly mail: Mail
  /** Disabling and enabling. */
  readonly control: AccountControl
  readonly throttles: Throttles
  readonly secrets: KeyRing['secrets']
  readonly hashing: Hashing
  /** What keeps the second factors of administrators: asked for at every change of keys, so that it outlasts them. */
  readonly administratorsKey: LastingSecret
  stop(): Promise<void>
}

/** Opens the keys, follows the account events of every process, and starts the mail. */
export async function startAccounts({ config, ...deps }: AccountsDeps): Promise<RunningAccounts> {
  const { clock, log } = deps
  const stores: SessionStores = { credentials, logins, resets: passwordResets }
  const keys = await openKeyRing({
    file: config.tokenKeyFile,
    strict: config.securityProfile === 'strict',
    clock,
    log,
  })
  const restingNumbers = restingNumbersSecret(keys.secrets)
  keys.onChange(() => restingNumbers(deps.database)) // sealed anew, before a second rotation
  const administratorsKey = administratorsSecret(keys.secrets)
  keys.onChange(() => administratorsKey(deps.database))
  const templates = await loadTemplates(config.mail.templatesDir)
  const { bus } = deps
  // Other nodes find it in the database; the bus only says when to look, for a message may be lost.
  const accountEvents = createAccountEvents({
    ...deps,
    feed: accountFeed,
    onAnnounced: () => bus.publish(newsSubject, ''),
  })
  const resetCodes = createResetCodes({ ...deps, stores, keys })
  const mail = createMail({
    ...deps,
    config: config.mail,
    templates,
    jobs: mailJobs,
    credentials,
    resetCodes,
    keys,
  })
  const throttles = createThrottles({
    ...deps,
    config,
    rates: pgThrottles(deps.database),
    failedLogins: pgFailedLogins(deps.database),
    secret: async () => (await keys.secrets('throttles'))[0],
    onRefused(limit, who) {
      deps.tripped[limit].add()
      deps.trips.note(limit, who)
    },
  })
  const hashing = createHashing(deps)
  const sessions = createSessions({
    ...deps,
    config,
    stores,
    keys,
    hashing,
    events: accountEvents,
    resetCodes,
    mail,
    throttles,
  })
  await accountEvents.start()
  const news = bus.alone ? undefined : bus.subscribe(newsSubject, accountEvents.hurry)
  mail.start()
  return {
    sessions,
    accountEvents,
    mail,
    control: createAccountControl({ ...deps, stores, events: accountEvents }),
    throttles,
    secrets: keys.secrets,
    hashing,
    administratorsKey,
    async stop() {
      news?.unsubscribe()
      await throttles.stop()
      await mail.stop()
      await accountEvents.stop()
    },
  }
}
