import type { UserId } from '@switchboard/protocol'
import type { UserPresence, UserRow, UsersView, UserView } from '@switchboard/protocol/admin'
import type { Clock } from '../../clock.js'
import type { Presence } from '../../directory/directory.js'
import { limits } from '../../limits.js'
import { Refusal } from '../../refusal.js'
import type { AccountUsed } from '../../throttles/throttles.js'
import type { FoundUser, UserFinder, UserStanding } from './stores.js'

export interface UsersDeps {
  readonly finder: UserFinder
  readonly presence: Presence
  readonly clock: Clock
  /** How long a login lives after it was last used. */
  readonly loginLifeMs: number
  readonly standing: (id: UserId) => Promise<UserStanding>
  readonly accountUsed: (id: UserId, email: string) => Promise<AccountUsed>
}

/** Who is registered, for the panel. */
export function createUsers({ finder, presence, clock, loginLifeMs, standing, accountUsed }: UsersDeps) {
  const presenceOf = (id: UserId): Promise<UserPresence> =>
    presence.standing(id).then(
      ({ reachable, inCall }) => (inCall ? 'in_call' : reachable ? 'present' : 'away'),
      () => 'unknown', // what else there is to know of somebody is shown nevertheless
    )

  async function find(id: string): Promise<FoundUser> {
    const user = await finder.byId(id as UserId)
    if (!user) throw new Refusal('user_not_found')
    return user
  }

  return {
    find,

    async page(q: string, cursor: string | undefined): Promise<UsersView> {
      const words = wordsOf(q)
      const { users, next } = await finder.page({ words, before: cursor, most: limits.panelPage })
      const presences = await Promise.all(users.map(({ id }) => presenceOf(id)))
      return {
        users: users.map((user, index) => rowOf(user, presences[index] ?? 'unknown')),
        next,
      }
    },

    async one(id: string): Promise<UserView> {
      const user = await find(id)
      const [present, logins, counts, known, account] = await Promise.all([
        presenceOf(user.id),
        finder.logins(user.id, new Date(clock.wall()), limits.panelPage),
        finder.counts(user.id),
        standing(user.id),
        accountUsed(user.id, user.email),
      ])
      return {
        user: { ...rowOf(user, present), presence: present },
        devices: known.devices,
        limits: Object.entries({ ...known.used, ...account }).map(([name, used]) => ({ name, used })),
        logins: logins.map(({ id: loginId, createdAt, expiresAt }) => ({
          id: loginId,
          createdAt: createdAt.toISOString(),
          lastUsedAt: new Date(expiresAt.getTime() - loginLifeMs).toISOString(),
          expiresAt: expiresAt.toISOString(),
        })),
        ...counts,
      }
    },
  }
}

/** The words that are looked for; more than a few make nothing narrower. */
const wordsOf = (q: string): string[] =>
  q
    .split(/\s+/)
    .filter(word => word !== '')
    .slice(0, limits.panelSearchWords)

const rowOf = (user: FoundUser, presence: UserPresence): UserRow => ({
  id: user.id,
  firstName: user.firstname,
  lastName: user.lastname,
  phoneNumber: user.phoneNumber,
  email: user.email,
  createdAt: user.createdAt.toISOString(),
  isDisabled: user.disabledAt !== null,
  present: presence === 'present' || presence === 'in_call',
})
