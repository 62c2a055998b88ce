import type { SocketBudget } from './socket-budget.js'
import type { SocketSeat } from './socket-seats.js'
import type { Throttles } from './throttles.js'

const budget: SocketBudget = { control: () => true, candidate: () => true }
const seat: SocketSeat = { authenticated: () => undefined, release: () => undefined }

/** `RATE_LIMITS=off`: lets everything through, and counts nothing. */
export const unlimited: Throttles = {
  login: (_emailKey, _address, prove) => prove(),
  forgetFailedLogins: async () => undefined,
  registration: (_emailKey, _address, register) => register(),
  resetMail: async () => undefined,
  resetCode: async () => true,
  lookup: async () => undefined,
  turnCredentials: async () => undefined,
  request: () => undefined,
  call: () => true,
  strangerCall: () => true,
  giveCalls: () => ({ placed: undefined, pairs: [], taken: undefined }),
  takeCalls: () => undefined,
  callsUsed: () => ({ calls: 0, strangerCalls: 0 }),
  accountUsed: async () => ({ lookups: 0, turnCredentials: 0, resetMails: 0, resetCodes: 0 }),
  openSocket: () => seat,
  socketBudget: () => budget,
  stop: async () => undefined,
}
