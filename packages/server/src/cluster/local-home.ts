import type { Whose } from '../signaling/act.js'
import type { Home } from '../signaling/home.js'
import type { Legs } from './legs.js'
import type { WhereaboutsMap } from './whereabouts.js'

/** The home of this node as its own sessions speak to it: behind what they had said by way of another home. */
export function createLocalHome(home: Home, legs: Legs, whereabouts: WhereaboutsMap): Home {
  function inOrder({ id }: Whose, step: () => void) {
    const leg = legs.get(id)
    const known = leg && whereabouts.get(id)
    if (!known) return step()
    known.heard.take(++leg.said, step)
  }
  return {
    arrive: home.arrive,
    resume: (whose, login, answer) => inOrder(whose, () => home.resume(whose, login, answer)),
    away: whose => inOrder(whose, () => home.away(whose)),
    leave: whose => inOrder(whose, () => home.leave(whose)),
    rang: (whose, callId) => inOrder(whose, () => home.rang(whose, callId)),
    relogin: (whose, login, answer) => inOrder(whose, () => home.relogin(whose, login, answer)),
    say: (whose, said, payload, wantsReceipt, answer) =>
      inOrder(whose, () => home.say(whose, said, payload, wantsReceipt, answer)),
  }
}
