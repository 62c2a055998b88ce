import { connectDevice } from '../device.js'
import { type Account, login, person, type Rest, register } from '../people.js'
import { request } from '../rest-client.js'
import type { Addresses } from './frames-campaign.js'

/** Two people who mean well register, call, talk and hang up; how long it took. Rejects when they cannot. */
export async function honestCall({ api, signal }: Addresses): Promise<number> {
  const rest: Rest = (method, path, options) => request(api, method, path, options)
  const since = performance.now()
  const join = async (): Promise<Account> => {
    const who = person()
    await register(rest, who)
    return { ...who, token: await login(rest, who) }
  }
  const caller = await connectDevice(signal, await join())
  const callee = await connectDevice(signal, await join())
  try {
    caller.call(callee.number, 'an offer')
    const { SDP: offer } = await callee.next('call')
    await caller.next('ringing')
    callee.accept(caller.number, 'an answer')
    const { SDP: answer } = await caller.next('callResponse')
    caller.candidate(callee.number, 'a candidate')
    const { CANDIDATE: candidate } = await callee.next('ICECandidate')
    callee.hangUp(caller.number)
    const { CAUSE: cause } = await caller.next('HangUp')
    const heard = [offer, answer, candidate, cause].join()
    if (heard !== 'an offer,an answer,a candidate,hung_up') throw new Error(`an honest call heard ${heard}`)
  } finally {
    caller.wire.socket.terminate()
    callee.wire.socket.terminate()
  }
  return performance.now() - since
}
