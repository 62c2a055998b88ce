import { limits } from '../limits.js'
import { type Bucket, nextArrival } from './rate.js'

/** What one socket may send. `now` is monotonic; a socket that got a `false` is cut, and so is never asked again. */
export interface SocketBudget {
  /** Any frame that is no candidate, well-formed or not. */
  control(now: number): boolean
  candidate(now: number): boolean
}

/** A class, and two numbers in it: there is one for every socket, and it is asked for every frame. */
class CountedBudget implements SocketBudget {
  #controlArrival = Number.NEGATIVE_INFINITY
  #candidateArrival = Number.NEGATIVE_INFINITY
  readonly #onRefused: (kind: 'controlMessages' | 'candidates') => void

  constructor(onRefused: (kind: 'controlMessages' | 'candidates') => void) {
    this.#onRefused = onRefused
  }

  control(now: number): boolean {
    const next = nextArrival(limits.rates.controlMessages, this.#controlArrival, now)
    if (isTooSoon(limits.rates.controlMessages, next, now)) return this.#refuse('controlMessages')
    this.#controlArrival = next
    return true
  }

  candidate(now: number): boolean {
    const next = nextArrival(limits.rates.candidates, this.#candidateArrival, now)
    if (isTooSoon(limits.rates.candidates, next, now)) return this.#refuse('candidates')
    this.#candidateArrival = next
    return true
  }

  #refuse(kind: 'controlMessages' | 'candidates'): false {
    this.#onRefused(kind)
    return false
  }
}

const isTooSoon = ({ burst, every }: Bucket, next: number, now: number) => next > now + burst * every

export const createSocketBudget = (
  onRefused: (kind: 'controlMessages' | 'candidates') => void,
): SocketBudget => new CountedBudget(onRefused)
