import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import { createCallThrottle } from './call-throttle.js'
import { createMemoryThrottle } from './memory.js'
import { createRefuse, type OnRefused } from './refuse.js'
import { createSocketBudget } from './socket-budget.js'
import { createSocketSeats } from './socket-seats.js'
import type { Throttles } from './throttles.js'

type NodeThrottles = Pick<
  Throttles,
  | 'request'
  | 'call'
  | 'strangerCall'
  | 'giveCalls'
  | 'takeCalls'
  | 'callsUsed'
  | 'openSocket'
  | 'socketBudget'
>

export interface NodeThrottlesDeps {
  readonly clock: Clock
  readonly onRefused: OnRefused
}

/** The limits of the hot paths, which this process counts. */
export function createNodeThrottles({ clock, onRefused }: NodeThrottlesDeps): NodeThrottles {
  const refuse = createRefuse(onRefused)
  const requests = createMemoryThrottle({ rate: limits.rates.requests, now: clock.monotonic })
  const seats = createSocketSeats(onRefused)

  return {
    request(address) {
      const wait = requests.take(address)
      if (wait > 0) throw refuse('requests', 'rate_limited', wait, { who: { address } })
    },

    ...createCallThrottle({ now: clock.monotonic, onRefused }),

    openSocket: seats.take,
    socketBudget: () => createSocketBudget(onRefused),
  }
}
