import { limits } from '../limits.js'
import type { Refusal } from '../refusal.js'
import type { Refuse, Refused } from './refuse.js'
import { isWrong, settle } from './settle.js'
import type { FailedLogins, FailureRule, Login, Reserved } from './stores.js'

/** The wait after each failure: none for the first few, then one that doubles up to the longest, which stays. */
export function loginDelays(rule: typeof limits.rates.failedLogins): readonly number[] {
  const delays = Array<number>(rule.free - 1).fill(0)
  for (let delay: number = rule.firstDelayMs; delay < rule.longestDelayMs; delay *= 2) delays.push(delay)
  return [...delays, rule.longestDelayMs]
}

/**
 * Slows down who guesses the password of one account, which may not exist.
 *
 * An attempt is counted before the password is looked at, so that a hundred at once get no more than one after another
 * would. Who guesses from elsewhere cannot keep the owner out: an address that the owner has logged in from before has
 * a count and a delay of its own. Only after a hundred in a row all are refused, until the password is reset.
 */
export function createLoginThrottle(failedLogins: FailedLogins, refuse: Refuse) {
  const { inARow } = limits.rates.failedLogins
  const rule: FailureRule = { delaysMs: loginDelays(limits.rates.failedLogins), inARow }

  function refusal({ waitMs, isLocked }: Exclude<Reserved, { reservation: unknown }>, who: Refused): Refusal {
    if (!isLocked) return refuse('failedLogins', 'too_many_attempts', waitMs, { who })
    const detail = 'Too many wrong passwords in a row: reset the password to log in again'
    return refuse('failedLogins', 'too_many_attempts', limits.lockedLoginRetryMs, { detail, who })
  }

  return async function attempt<T>(login: Login, prove: () => Promise<T>, who: Refused = {}): Promise<T> {
    const reserved = await failedLogins.reserve(login, rule)
    if (!('reservation' in reserved)) throw refusal(reserved, who)
    const result = await settle(prove, {
      giveBack: () => failedLogins.giveBack(login, reserved.reservation),
      counts: failure => failure === undefined || isWrong(failure),
    })
    await failedLogins.succeeded(login)
    return result
  }
}
