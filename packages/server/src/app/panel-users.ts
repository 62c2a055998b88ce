import { mailRoutes } from '../admin/mail/routes.js'
import type { AdminRoute } from '../admin/route.js'
import { settingsRoutes } from '../admin/settings-routes.js'
import { userActs } from '../admin/users/acts.js'
import { userRoutes } from '../admin/users/routes.js'
import { createUsers, type UsersDeps } from '../admin/users/users.js'
import type { Clock } from '../clock.js'
import type { Config } from '../config.js'
import type { Directory, Presence } from '../directory/directory.js'
import { loginLifeMs } from '../sessions/access-tokens.js'
import { emailKey } from '../sessions/email-key.js'
import type { Database } from '../storage/database.js'
import { mailQueue } from '../storage/mail-queue.js'
import { userFinder } from '../storage/user-finder.js'
import type { RunningAccounts } from './accounts.js'

export interface UsersPanelDeps {
  readonly config: Pick<Config, 'tokenTtlSeconds' | 'settings'>
  readonly database: Database
  readonly accounts: Pick<RunningAccounts, 'sessions' | 'mail' | 'control' | 'throttles'>
  readonly directory: Pick<Directory, 'remove'>
  readonly presence: Presence
  readonly clock: Clock
  readonly standing: UsersDeps['standing']
}

/** What the panel shows of users and does about them, mail that has not left, and the settings in force. */
export function usersPanel(deps: UsersPanelDeps) {
  const { config, database, accounts, directory, presence, clock, standing } = deps
  const { sessions, mail, control, throttles } = accounts
  const users = createUsers({
    finder: userFinder(database),
    ...{ presence, clock, standing, loginLifeMs: loginLifeMs(config) },
    accountUsed: (id, email) => throttles.accountUsed(id, emailKey(email)),
  })
  const routes: readonly AdminRoute[] = [
    ...settingsRoutes(config.settings),
    ...mailRoutes({ queue: mailQueue(database), hurry: mail.hurry, clock }),
    ...userRoutes(users),
    ...userActs({
      find: users.find,
      disable: control.disable,
      enable: control.enable,
      logOut: sessions.logoutEverywhere,
      async mailReset({ email }, address) {
        await throttles.resetMail(emailKey(email), address)
        await mail.requestReset(email)
      },
      remove: directory.remove,
    }),
  ]
  return routes
}
