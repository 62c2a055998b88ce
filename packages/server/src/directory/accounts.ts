import type { PhoneNumber, UserId } from '@switchboard/protocol'
import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import { emailKey } from '../sessions/email-key.js'
import type { Queryable } from '../storage/database.js'
import { type DirectoryDeps, numberOf } from './deps.js'
import type { Directory, User } from './directory.js'
import { invalid } from './invalid.js'
import { emailOf, nameOf } from './person.js'

type Accounts = Pick<Directory, 'register' | 'user' | 'rename' | 'changeNumber' | 'remove'>

/** The account itself: who somebody is, under which number. */
export function accounts(deps: DirectoryDeps): Accounts {
  const { database, stores, canonicalise, accountEvents, clock } = deps
  const { users, restingNumbers } = stores
  const strict = deps.securityProfile === 'strict'
  const now = () => new Date(clock.wall())

  async function letRest(tx: Queryable, number: PhoneNumber, by: UserId | null) {
    if (!strict) return
    const until = new Date(clock.wall() + limits.numberRestMs)
    await restingNumbers.release(tx, { number, at: now(), until, by })
  }

  return {
    async register(input) {
      const firstname = nameOf(input.firstname, '/firstname')
      const lastname = nameOf(input.lastname, '/lastname')
      const phoneNumber = numberOf(canonicalise, input.phone_number, '/phone_number')
      const email = emailOf(input.email)
      // Before the database is asked anything: who is registered must not show in the time.
      const passwordHash = await deps.hashNewPassword(input.password, {
        email,
        phoneNumber,
        firstname,
        lastname,
      })
      const user: User = { id: deps.newId() as UserId, phoneNumber, email, firstname, lastname }
      const createdAt = now()
      const rests = strict && (await restingNumbers.rests(phoneNumber, createdAt, null))
      const inserted =
        !rests && (await users.insert({ ...user, emailKey: emailKey(email), passwordHash, createdAt }))
      if (!inserted) throw new Refusal('already_registered')
      return user
    },

    user: async id => living(await users.byId(id)),

    async rename(id, change) {
      const { firstname, lastname } = change
      const renamed = await users.rename(id, {
        ...(firstname !== undefined && { firstname: nameOf(firstname, '/firstname') }),
        ...(lastname !== undefined && { lastname: nameOf(lastname, '/lastname') }),
      })
      return living(renamed)
    },

    async changeNumber(id, written, password) {
      const number = numberOf(canonicalise, written, '/phonenumber')
      if (strict && password === undefined) throw invalid('/password', 'is needed to change the number')
      if (password !== undefined) await deps.confirmPassword(id, password)
      if (strict && (await restingNumbers.rests(number, now(), id))) throw new Refusal('phone_number_taken')
      const changed = { kind: 'profile_changed', userId: id, phoneNumber: number } as const
      const { before, after } = await database.transaction(async tx => {
        const { emailKey: _, ...before } = living(await users.lock(tx, id))
        if (before.phoneNumber === number) return { before, after: before }
        if (!(await users.setNumber(tx, id, number, now()))) throw new Refusal('phone_number_taken')
        await letRest(tx, before.phoneNumber, id)
        await accountEvents.record(tx, changed)
        await deps.notify(tx, 'number_changed', before.email)
        return { before, after: { ...before, phoneNumber: number } }
      })
      if (after !== before) accountEvents.announce(changed)
      return after
    },

    async remove(id) {
      const deleted = { kind: 'logins_ended', userId: id, reason: 'deleted' } as const
      await database.transaction(async tx => {
        const user = living(await users.lock(tx, id))
        await stores.accounts.erase(tx, user)
        await letRest(tx, user.phoneNumber, null)
        await accountEvents.record(tx, deleted)
      })
      accountEvents.announce(deleted)
    },
  }
}

/** The account of a token may be gone by the time it is looked at. */
export function living<Found>(user: Found | undefined): Found {
  if (user === undefined) throw new Refusal('invalid_token')
  return user
}
