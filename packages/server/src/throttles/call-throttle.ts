import type { PhoneNumber, UserId } from '@switchboard/protocol'
import { boundedMap } from '../bounded-map.js'
import { limits } from '../limits.js'
import { createMemoryThrottle } from './memory.js'
import { load, type Rate, type Spent, shifted, unspent } from './rate.js'
import type { OnRefused } from './refuse.js'
import type { Throttles } from './throttles.js'

export interface CallThrottleDeps {
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly onRefused: OnRefused
}

type CallThrottle = Pick<Throttles, 'call' | 'strangerCall' | 'giveCalls' | 'takeCalls' | 'callsUsed'>

/** How often somebody calls, and is called by strangers. It is counted where they are at home, and moves with them. */
export function createCallThrottle({ onRefused, ...clock }: CallThrottleDeps): CallThrottle {
  const now = () => Math.floor(clock.now())
  const inMemory = (rate: Rate) => createMemoryThrottle({ rate, now })
  const calls = inMemory(limits.rates.calls)
  const perPair = inMemory(limits.rates.callsPerPair)
  const fromStrangers = inMemory(limits.rates.strangerCalls)
  /** Whom somebody called of late; the limit on their calls keeps it short. */
  const called = boundedMap<UserId, readonly PhoneNumber[]>(limits.throttledKeys)

  const pairOf = (callerId: UserId, number: PhoneNumber) => `${callerId} ${number}`

  function remember(callerId: UserId, number: PhoneNumber) {
    const counts = (other: PhoneNumber) => {
      const spent = perPair.spent(pairOf(callerId, other))
      return other !== number && spent !== undefined && load(limits.rates.callsPerPair, spent, now()) > 0
    }
    called.set(callerId, [...(called.get(callerId) ?? []).filter(counts), number])
  }

  const sinceNow = (spent: Spent | undefined) => spent && shifted(spent, -now())

  return {
    // Both must let it through before either counts it: who is refused for one number may still call another.
    call(callerId, number) {
      const pair = pairOf(callerId, number)
      const refusedBy =
        calls.waitFor(callerId) > 0 ? 'calls' : perPair.waitFor(pair) > 0 ? 'callsPerPair' : undefined
      if (refusedBy) {
        onRefused(refusedBy, { userId: callerId })
        return false
      }
      calls.spend(callerId)
      perPair.spend(pair)
      remember(callerId, number)
      return true
    },

    strangerCall(receiverId) {
      const isLet = fromStrangers.take(receiverId) === 0
      if (!isLet) onRefused('strangerCalls', { userId: receiverId })
      return isLet
    },

    callsUsed: userId => ({
      calls: load(limits.rates.calls, calls.spent(userId) ?? unspent, now()),
      strangerCalls: load(limits.rates.strangerCalls, fromStrangers.spent(userId) ?? unspent, now()),
    }),

    giveCalls(userId) {
      const pairs = (called.get(userId) ?? []).flatMap(number => {
        const spent = sinceNow(perPair.give(pairOf(userId, number)))
        return spent ? [[number, spent] as const] : []
      })
      called.delete(userId)
      return { placed: sinceNow(calls.give(userId)), pairs, taken: sinceNow(fromStrangers.give(userId)) }
    },

    takeCalls(userId, { placed, pairs, taken }) {
      const at = now()
      if (placed) calls.receive(userId, shifted(placed, at))
      if (taken) fromStrangers.receive(userId, shifted(taken, at))
      for (const [number, spent] of pairs) {
        perPair.receive(pairOf(userId, number), shifted(spent, at))
        remember(userId, number)
      }
    },
  }
}
