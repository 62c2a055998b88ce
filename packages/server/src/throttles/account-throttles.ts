import { limits } from '../limits.js'
import { Refusal } from '../refusal.js'
import type { Queryable } from '../storage/database.js'
import { keyedHash, loginKey, type StoredLimit } from './account-keys.js'
import type { AddressKey } from './addresses.js'
import { createLines } from './lines.js'
import { createLoginThrottle } from './logins.js'
import type { Rate } from './rate.js'
import { createRefuse, type OnRefused, type Refuse, type Refused } from './refuse.js'
import { createReservations } from './reservations.js'
import { isWrong, settle } from './settle.js'
import type { FailedLogins, RateStore } from './stores.js'
import type { Throttles } from './throttles.js'

export interface AccountThrottlesDeps {
  readonly rates: RateStore
  readonly failedLogins: FailedLogins
  readonly secret: () => Promise<Buffer>
  readonly onRefused: OnRefused
}

type AccountThrottles = Pick<
  Throttles,
  | 'login'
  | 'forgetFailedLogins'
  | 'registration'
  | 'resetMail'
  | 'resetCode'
  | 'lookup'
  | 'turnCredentials'
  | 'accountUsed'
>

const isAlreadyRegistered = (failure: unknown) =>
  failure instanceof Refusal && failure.code === 'already_registered'

/** The limits about accounts, which hold across nodes and restarts: the database counts them. */
export function createAccountThrottles(deps: AccountThrottlesDeps): AccountThrottles {
  const { rates, failedLogins, secret, onRefused } = deps
  const refuse = createRefuse(onRefused)
  const attempt = createLoginThrottle(failedLogins, refuse)
  // Without it, of six devices that log in at the same moment one would find the five tries taken.
  const inLine = createLines(limits.loginsInLine)
  const reserve = createReservations(limits.loginsInLine)

  /** Counts one, and tells how to uncount it; or the milliseconds to wait. */
  async function take(limit: StoredLimit, who: string) {
    const rate: Rate = limits.rates[limit]
    const key = keyedHash(await secret(), limit, who)
    const outcome = await rates.take(key, rate)
    if ('waitMs' in outcome) return outcome
    return { giveBack: () => rates.giveBack(key, rate, outcome.taken) }
  }

  async function takeOrRefuse(
    limit: StoredLimit,
    key: string,
    code: Parameters<Refuse>[1],
    who: Refused = {},
  ) {
    const outcome = await take(limit, key)
    if ('waitMs' in outcome) throw refuse(limit, code, outcome.waitMs, { who })
    return outcome.giveBack
  }

  /** Not for tokens: nobody guesses a signature, and of those that a client still sends most were good once. */
  async function authentication<T>(address: AddressKey, prove: () => Promise<T>): Promise<T> {
    const limit = 'failedAuthentications'
    const reserved = await reserve(address, () => take(limit, address))
    if ('waitMs' in reserved) throw refuse(limit, 'too_many_attempts', reserved.waitMs, { who: { address } })
    return settle(prove, { giveBack: reserved.giveBack, counts: isWrong }).finally(reserved.decided)
  }

  async function forgetFailedLogins(emailKey: string, tx?: Queryable): Promise<void> {
    await failedLogins.forget(loginKey(await secret(), emailKey), tx)
  }

  return {
    async login(emailKey, address, prove) {
      const key = await secret()
      const login = {
        account: loginKey(key, emailKey),
        address: keyedHash(key, 'familiar address', emailKey, address),
      }
      const result = inLine(login.account.toString('base64'), () =>
        authentication(address, () => attempt(login, prove, { address })),
      )
      if (result === undefined) throw refuse('failedLogins', 'too_many_attempts', 0, { who: { address } })
      return result
    },

    forgetFailedLogins,

    async registration(emailKey, address, register) {
      const giveBack = await takeOrRefuse('registrations', address, 'rate_limited', { address })
      const counts = (failure: unknown) => failure === undefined || isAlreadyRegistered(failure)
      const registered = await settle(register, { giveBack, counts })
      // What others tried with that email before is not its new owner's; if this fails, a reset opens the account.
      await forgetFailedLogins(emailKey).catch(() => undefined)
      return registered
    },

    async resetMail(emailKey, address) {
      const giveBack = await takeOrRefuse('resetMailsPerAddress', address, 'too_many_attempts', { address })
      await settle(() => takeOrRefuse('resetMails', emailKey, 'too_many_attempts', { address }), {
        giveBack,
        counts: failure => failure === undefined,
      })
    },

    async resetCode(emailKey) {
      const isLet = 'giveBack' in (await take('resetCodes', emailKey))
      if (!isLet) onRefused('resetCodes')
      return isLet
    },

    async accountUsed(userId, emailKey) {
      const key = await secret()
      const used = (limit: StoredLimit, who: string) =>
        rates.used(keyedHash(key, limit, who), limits.rates[limit])
      const [lookups, turnCredentials, resetMails, resetCodes] = await Promise.all([
        used('lookups', userId),
        used('turnCredentials', userId),
        used('resetMails', emailKey),
        used('resetCodes', emailKey),
      ])
      return { lookups, turnCredentials, resetMails, resetCodes }
    },

    async lookup(userId) {
      await takeOrRefuse('lookups', userId, 'rate_limited', { userId })
    },

    async turnCredentials(userId) {
      await takeOrRefuse('turnCredentials', userId, 'rate_limited', { userId })
    },
  }
}
