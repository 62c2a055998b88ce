import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import { createMemoryThrottle } from './memory.js'
import type { Rate } from './rate.js'
import { createRefuse, type OnRefused } from './refuse.js'
import { createSocketBudget } from './socket-budget.js'
import { createSocketSeats } from './socket-seats.js'
import type { Throttles } from './throttles.js'

type NodeThrottles = Pick<Throttles, 'request' | 'call' | 'strangerCall' | 'openSocket' | 'socketBudget'>

export interface NodeThrottlesDeps {
  readonly clock: Clock
  readonly onRefused: OnRefused
}

/** The limits of the hot paths, which this process counts. */
export function createNodeThrottles({ clock, onRefused }: NodeThrottlesDeps): NodeThrottles {
  const refuse = createRefuse(onRefused)
  const inMemory = (rate: Rate) => createMemoryThrottle({ rate, now: clock.monotonic })
  const requests = inMemory(limits.rates.requests)
  const calls = inMemory(limits.rates.calls)
  const callsPerPair = inMemory(limits.rates.callsPerPair)
  const strangerCalls = inMemory(limits.rates.strangerCalls)
  const seats = createSocketSeats(onRefused)

  return {
    request(address) {
      const wait = requests.take(address)
      if (wait > 0) throw refuse('requests', 'rate_limited', wait)
    },

    // Both must let it through before either counts it: who is refused for one number may still call another.
    call(callerId, number) {
      const pair = `${callerId} ${number}`
      const refusedBy =
        calls.waitFor(callerId) > 0 ? 'calls' : callsPerPair.waitFor(pair) > 0 ? 'callsPerPair' : undefined
      if (refusedBy) {
        onRefused(refusedBy)
        return false
      }
      calls.spend(callerId)
      callsPerPair.spend(pair)
      return true
    },

    strangerCall(receiverId) {
      const isLet = strangerCalls.take(receiverId) === 0
      if (!isLet) onRefused('strangerCalls')
      return isLet
    },

    openSocket: seats.take,
    socketBudget: () => createSocketBudget(onRefused),
  }
}
