import type { CallId, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Payload } from './call.js'
import type { Arrival } from './devices.js'
import type { Effect } from './effects.js'
import { createExchange, type Exchange } from './exchange.js'
import { screen } from './screen.testing.js'
import type { Script, Step } from './script.testing.js'
import type { ExchangeOptions } from './state.js'

const nobody = '999' as PhoneNumber

export const options: ExchangeOptions = {
  ringTimeoutMs: 60_000,
  resumeWindowMs: 30_000,
  devicesPerUser: 3,
  candidatesPerSide: 3,
  screen,
}

/** One thing done to the exchange. */
export type Act =
  | (Arrival & { readonly do: 'arrive' })
  | { readonly do: 'resume'; readonly device: DeviceId; readonly login: LoginId }
  | { readonly do: 'away' | 'leave'; readonly device: DeviceId }
  | (Speech & { readonly do: 'call'; readonly newCallId: CallId })
  | (Speech & { readonly do: 'accept' | 'deny' | 'candidate' | 'hangUp' })
  | { readonly do: 'located'; readonly callId: CallId; readonly callee: UserId | undefined }
  | { readonly do: 'renumber'; readonly user: UserId; readonly number: PhoneNumber }
  | { readonly do: 'tick' }

/** A message of a device: which call it means, and what it carries. */
export interface Speech {
  readonly device: DeviceId
  readonly receiver: PhoneNumber
  readonly callId: CallId | undefined
  readonly payload: Payload
}

/** An act and what came of it. */
export interface Turn {
  readonly now: number
  readonly act: Act
  readonly effects: readonly Effect[]
  readonly refused: string | undefined
  /** What the exchange says of itself afterwards. */
  readonly counts: ReturnType<Exchange['counts']>
  readonly due: number | undefined
}

/** Does one act; a refusal is an answer like any other. */
export function perform(exchange: Exchange, act: Act, now: number): Turn {
  const outcome = outcomeOf(exchange, act, now)
  const done = 'refused' in outcome ? { effects: [], ...outcome } : { ...outcome, refused: undefined }
  return { now, act, ...done, counts: exchange.counts(), due: exchange.nextDeadline() }
}

function outcomeOf(exchange: Exchange, act: Act, now: number) {
  switch (act.do) {
    case 'arrive':
      return exchange.arrive(act, now)
    case 'resume':
      return { effects: exchange.resume(act.device, act.login, now) }
    case 'away':
      return { effects: exchange.away(act.device, now) }
    case 'leave':
      return { effects: exchange.leave(act.device, now) }
    case 'call':
      return exchange.call(act.device, act, act.payload, act.newCallId, now)
    case 'accept':
    case 'deny':
      return exchange.answer(act.device, act, act.do, act.payload, now)
    case 'candidate':
      return exchange.candidate(act.device, act, act.payload)
    case 'hangUp':
      return exchange.hangUp(act.device, act, now)
    case 'located':
      return { effects: exchange.located(act.callId, act.callee, now) }
    case 'renumber':
      exchange.renumber(act.user, act.number)
      return { effects: [] }
    case 'tick':
      return { effects: exchange.tick(now) }
  }
}

/** What the players see of the calls, so that they say what makes sense. */
export interface View {
  /** The calls that a device is in or rung by. */
  callsOf(device: DeviceId): readonly {
    readonly callId: CallId
    readonly other: UserId | undefined
    readonly awaitsAnswer: boolean
  }[]
}

/** Plays the script, hands every turn to the witness, and at the end lets every call and device run out. */
export function play(
  { devices, quickLookups, punctual, steps }: Script,
  view: View,
  see: (turn: Turn) => void,
) {
  const exchange = createExchange(options)
  const users = devices.map((_, i) => `user-${i}` as UserId)
  const numbers = users.map((_, i) => `${100 + i}` as PhoneNumber)
  const everUsed = [...numbers]
  const here = users.map((): DeviceId[] => [])
  const gone = users.map((): DeviceId[] => [])
  const logins = new Map<DeviceId, LoginId>()
  const pending: { callId: CallId; number: PhoneNumber }[] = []
  const calls: CallId[] = []
  let now = 0
  let made = 0

  function act(next: Act) {
    const turn = perform(exchange, next, now)
    see(turn)
    for (const effect of turn.effects) {
      if (effect.kind === 'locate') pending.push(effect)
      if (effect.kind === 'forget') for (const list of [...here, ...gone]) remove(list, effect.device)
    }
    if (quickLookups) while (pending.length > 0) answerLookup(0, true)
    return turn
  }

  function answerLookup(at: number, found: boolean) {
    const [lookup] = pending.splice(at % Math.max(1, pending.length), 1)
    if (!lookup) return
    const owner = users[numbers.indexOf(lookup.number)]
    act({ do: 'located', callId: lookup.callId, callee: found ? owner : undefined })
  }

  function arrive(who: number, login: number, replaces?: DeviceId, sameLogin?: LoginId) {
    const device = `device-${who}-${++made}` as DeviceId
    const loginId = sameLogin ?? (`login-${who}-${login}` as LoginId)
    const [userId, number] = [users[who] as UserId, numbers[who] as PhoneNumber]
    const turn = act({ do: 'arrive', device, userId, number, login: loginId, replaces })
    if (turn.refused) return
    logins.set(device, loginId)
    here[who]?.push(device)
  }

  function wait(ms: number) {
    const until = now + ms
    for (let due = exchange.nextDeadline(); punctual && due !== undefined && due <= until; ) {
      now = Math.max(now, due)
      act({ do: 'tick' })
      due = exchange.nextDeadline()
    }
    now = until
    if (!punctual && ms > 1) act({ do: 'tick' })
  }

  function speak(said: Extract<Step, { whom: number }>) {
    const everyone = here.flat()
    const isAnswer = said.do === 'accept' || said.do === 'deny'
    const callsOf = (of: DeviceId) => view.callsOf(of).filter(call => call.awaitsAnswer || !isAnswer)
    const able = everyone.filter(each => said.do === 'call' || callsOf(each).length > 0)
    const device = pick(said.bold || able.length === 0 ? everyone : able, said.who)
    if (!device) return
    const meant = pick(callsOf(device), said.whom)
    const self = here.findIndex(list => list.includes(device))
    const somebody = numbers[(self + 1 + (said.whom % 3)) % 4]
    const other = numbers[users.indexOf(meant?.other as UserId)] ?? somebody
    const special = { 13: numbers[said.who % 4], 14: nobody, 15: pick(everUsed, said.who) }
    const receiver = special[said.whom as 13] ?? other ?? nobody
    const ids = { number: undefined, id: meant?.callId, 'other id': pick(calls, said.who) }
    const callId = said.by === 'no such id' ? ('call-none' as CallId) : ids[said.by]
    const payload = `${said.do}-${++made}` as Payload
    const speech = { device, receiver, callId, payload }
    if (said.do !== 'call') return void act({ do: said.do, ...speech })
    const newCallId = `call-${made}` as CallId
    const turn = act({ do: 'call', newCallId, ...speech })
    if (!turn.refused) calls.push(newCallId)
  }

  function take(next: Step) {
    switch (next.do) {
      case 'arrive': {
        const before = next.instead < 40 ? pick(gone.flat(), next.instead) : pick(here.flat(), next.instead)
        if (!before || next.instead > 50) return arrive(next.user, next.login)
        const who = [...here, ...gone].findIndex(list => list.includes(before)) % 4
        return arrive(who, next.login, next.session ? before : undefined, logins.get(before))
      }
      case 'resume': {
        const device = pick(gone.flat(), next.who) ?? pick(here.flat(), next.who)
        const login = device && logins.get(device)
        if (!login) return
        move(gone, here, device)
        return void act({ do: 'resume', device, login })
      }
      case 'away':
      case 'leave': {
        const everyone = next.do === 'away' ? here.flat() : [...here, ...gone].flat()
        const busy = everyone.filter(each => view.callsOf(each).length > 0)
        const device = pick(next.busy && busy.length > 0 ? busy : everyone, next.who)
        if (!device) return
        if (next.do === 'away') move(here, gone, device)
        return void act({ do: next.do, device })
      }
      case 'located': {
        const again = next.again && pick(calls, next.index)
        if (again && pending.every(({ callId }) => callId !== again))
          return void act({ do: 'located', callId: again, callee: users[next.index % 4] })
        return answerLookup(next.index, next.found)
      }
      case 'renumber': {
        const number = `${200 + ++made}` as PhoneNumber
        numbers[next.user] = number
        everUsed.push(number)
        return void act({ do: 'renumber', user: users[next.user] as UserId, number })
      }
      case 'wait':
        return wait(next.ms)
      default:
        return speak(next)
    }
  }

  for (const [who, count] of devices.entries()) for (let i = 0; i < count; i++) arrive(who, i % 2)
  for (const next of steps) take(next)
  // Everybody loses the network: whatever still lives has to run out by itself.
  for (const device of here.flat()) {
    move(here, gone, device)
    act({ do: 'away', device })
  }
  wait(options.ringTimeoutMs + options.resumeWindowMs)
  return exchange
}

function pick<T>(list: readonly T[] | undefined, at: number): T | undefined {
  return list?.[at % Math.max(1, list.length)]
}

function remove<T>(list: T[], item: T): boolean {
  const at = list.indexOf(item)
  if (at >= 0) list.splice(at, 1)
  return at >= 0
}

function move(from: DeviceId[][], to: DeviceId[][], device: DeviceId) {
  for (const [who, list] of from.entries()) if (remove(list, device)) to[who]?.push(device)
}
