import { expectEqual, expectLike, expectProblem } from '../check/expect.js'
import type { Phone, Trial } from '../run/trial.js'
import type { RestResponse } from '../wire/request.js'
import type { Closed, Frame } from '../wire/socket.js'
import { Unexpected } from '../wire/unexpected.js'

export const isReason = (reason: string) => (frame: Frame) => frame.REASON === reason

/** That many people with a device each, who may call each other. */
export async function phones<const Count extends 1 | 2 | 3>(trial: Trial, count: Count) {
  const some: Phone[] = []
  for (let n = 0; n < count; n++) some.push(await trial.device())
  return some as unknown as Count extends 1
    ? [Phone]
    : Count extends 2
      ? [Phone, Phone]
      : [Phone, Phone, Phone]
}

/** Somebody who calls, and two devices of somebody who is called. */
export async function forked(trial: Trial): Promise<readonly [Phone, Phone, Phone]> {
  const [caller, one] = await phones(trial, 2)
  return [caller, one, await trial.device(await trial.again(one.account))]
}

/** `caller` calls, every given device rings; the call's id. */
export async function ring(caller: Phone, ...callees: readonly [Phone, ...Phone[]]): Promise<string> {
  caller.call(callees[0].number)
  const { CALL_ID } = await caller.until('ringing', isReason('ringing'))
  for (const callee of callees) {
    const incoming = await callee.until('the call', isReason('call'))
    expectLike('the call', incoming, { CALL_ID, SENDER_PHONE_NUMBER: caller.number })
  }
  return String(CALL_ID)
}

/** `caller` calls and `callee` accepts; the call's id. */
export async function establish(caller: Phone, callee: Phone): Promise<string> {
  const CALL_ID = await ring(caller, callee)
  callee.accept(caller.number)
  const answer = await caller.until('the answer', isReason('callResponse'))
  expectLike('the answer', answer, { RESPONSE: 'accept', CALL_ID })
  return CALL_ID
}

/** The device's next frame ends a call, for this cause. */
export async function expectEnd(device: Phone, cause: string, callId?: string): Promise<Frame> {
  const frame = await device.next('HangUp')
  expectLike('the end', frame, { CAUSE: cause, ...(callId !== undefined && { CALL_ID: callId }) })
  return frame
}

/** Nothing was delivered: what the actors did before is done, for what they said after it was answered. */
export async function expectNothing(device: Phone, ...actors: readonly Phone[]): Promise<void> {
  for (const actor of actors) await actor.fence()
  const came = await device.fence()
  if (came.length > 0) throw new Unexpected('nothing', JSON.stringify(came))
}

/** The next candidates, in the order they came. */
export async function candidates(device: Phone, count: number): Promise<unknown[]> {
  const seen: unknown[] = []
  while (seen.length < count) seen.push((await device.next('ICECandidate')).CANDIDATE)
  return seen
}

/** What a message of the client with an `ID` is answered with. */
export async function expectRefused(answer: Promise<Frame>, ...codes: readonly string[]): Promise<void> {
  const frame = await answer
  if (frame.REASON !== 'error' || !codes.includes(String(frame.CODE)))
    throw new Unexpected(`error ${codes.join(' or ')}`, JSON.stringify(frame))
}

/** A socket is closed with this code, within a time. */
export async function expectClosed(closed: Promise<Closed>, withinMs: number, ...codes: readonly number[]) {
  const late = new Promise<undefined>(resolve => setTimeout(resolve, withinMs, undefined).unref())
  const how = await Promise.race([closed, late])
  if (!how || !codes.includes(how.code)) {
    const came = how ? `${how.code} ${how.reason}` : `open after ${withinMs} ms`
    throw new Unexpected(`closed with ${codes.join(' or ')}`, came)
  }
}

/** A `connect` is not answered: the socket is closed with this code instead. */
export async function expectNoConnection(opening: Promise<Phone>, ...codes: readonly number[]) {
  const how = await opening.then(
    () => 'connected',
    (error: Error) => error.message,
  )
  const [, code] = /the socket closed \((\d+)/.exec(how) ?? []
  if (!codes.includes(Number(code))) throw new Unexpected(`closed with ${codes.join(' or ')}`, how)
}

/** Waits until it is so; a server may write some things a little later. */
export async function eventually<Value>(
  what: string,
  read: () => Promise<Value>,
  passes: (value: Value) => boolean,
  withinMs = 5_000,
): Promise<Value> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const value = await read()
    if (passes(value)) return value
    if (performance.now() > deadline) {
      throw new Unexpected(`${what} within ${withinMs / 1_000} s`, JSON.stringify(value).slice(0, 400))
    }
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

/** The same list, whatever its order. */
export const expectSameMembers = (what: string, came: readonly string[], wanted: readonly string[]) =>
  expectEqual(what, came.toSorted(), wanted.toSorted())

/** The second, and a little for the question itself. */
const deadWithinMs = 1_200

/** A token of a login that has ended opens nothing: within a second of the end on every node (contract section 2). */
export async function expectDead(t: Trial, token: string): Promise<void> {
  const askAll = () => Promise.all(t.target.apis.map(at => t.rest('GET', '/get_user', { token, at })))
  const isOver = (answers: readonly RestResponse[]) => answers.every(({ status }) => status !== 200)
  const answers = await eventually('the token dead on every node', askAll, isOver, deadWithinMs)
  for (const answer of answers) expectProblem(answer, 401, 'invalid_token')
}
