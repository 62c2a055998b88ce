import type { CallId, Cause, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import type { Call, Payload } from './call.js'
import type { Effect, Outcome, Tell } from './effects.js'
import { createExchange } from './exchange.js'
import { screen } from './screen.testing.js'
import type { ExchangeOptions } from './state.js'

export const options: ExchangeOptions = {
  ringTimeoutMs: 60_000,
  resumeWindowMs: 30_000,
  devicesPerUser: 5,
  candidatesPerSide: 200,
  screen,
}

export type World = ReturnType<typeof world>
export type Phone = ReturnType<World['stranger']>

/** How a message names its call beyond the number, and what it carries. */
interface Said {
  readonly callId?: string
  readonly sdp?: string
}

/**
 * People with devices around one exchange; the test owns the time. People are named by their first name, devices by
 * `bob` or `bob:laptop`, calls by the order in which they were placed: `call-1`, `call-2`.
 */
export function world(changes: Partial<ExchangeOptions> = {}) {
  let exchange = createExchange({ ...options, ...changes })
  const numbers = new Map<string, PhoneNumber>()
  const inboxes = new Map<DeviceId, Tell[]>()
  const ends: { callId: CallId; cause: Cause }[] = []
  const latest = new Map<CallId, Call>()
  const effects: Effect[] = []
  const pending = new Map<CallId, PhoneNumber>()
  let now = 1_000
  let holding = false
  let placed = 0
  let sessions = 0

  function numberOf(person: string): PhoneNumber {
    const known = numbers.get(person)
    if (known) return known
    const number = `${100 + numbers.size}` as PhoneNumber
    numbers.set(person, number)
    return number
  }
  const personAt = (number: PhoneNumber) =>
    [...numbers].find(([, its]) => its === number)?.[0] ?? `someone at ${number}`
  const userId = (person: string) => `user-${person}` as UserId

  function perform(todo: readonly Effect[]) {
    for (const effect of todo) {
      effects.push(effect)
      if (effect.kind === 'tell') inboxes.get(effect.device)?.push(effect.tell)
      if (effect.kind === 'locate') {
        pending.set(effect.callId, effect.number)
        if (!holding) locate(effect.callId)
      }
      if (effect.kind === 'record') {
        const { call } = effect
        latest.set(call.id, call)
        if (call.state === 'ended') ends.push({ callId: call.id, cause: call.cause })
      }
      if (effect.kind === 'inherit') {
        // As a session does: what was not read yet moves on to the device that took the seat.
        const unread = inboxes.get(effect.from)?.filter(tell => tell.callId === effect.callId) ?? []
        inboxes.get(effect.to)?.push(...unread)
      }
    }
  }

  function came(outcome: Outcome) {
    if ('refused' in outcome) return outcome.refused
    perform(outcome.effects)
    return 'done'
  }

  /** The directory answers: with whoever has the number, or else with somebody given, or nobody. */
  function locate(id: string, person?: string | null) {
    const number = pending.get(id as CallId)
    pending.delete(id as CallId)
    const owner = [...numbers].find(([, its]) => its === number)?.[0]
    const found = person === undefined ? owner : person
    perform(exchange.located(id as CallId, found ? userId(found) : undefined, now))
  }

  function wordsOf(tell: Tell): string {
    if (tell.kind === 'ringing') return `ringing at ${personAt(tell.receiver)}`
    const from = `from ${personAt(tell.sender)}`
    if (tell.kind === 'candidate') return `candidate ${tell.candidate} ${from}`
    if (tell.kind === 'callResponse') return `${tell.response} ${from}`
    return tell.kind === 'hangUp' ? `HangUp ${tell.cause} ${from}` : `call ${from}`
  }

  function phone(name: string, id: DeviceId, login: LoginId) {
    const about = (to: string, said: Said) => ({ receiver: numberOf(to), callId: said.callId })
    const drain = () => inboxes.get(id)?.splice(0) ?? []
    return {
      name,
      id,
      calls(to: string, said: Said = {}) {
        const callId = `call-${placed + 1}` as CallId
        const sdp = (said.sdp ?? `offer of ${name}`) as Payload
        const outcome = exchange.call(id, about(to, said), sdp, callId, now)
        const isNew = 'effects' in outcome && outcome.effects.some(effect => effect.kind === 'locate')
        if (isNew) placed++
        return came(outcome)
      },
      accepts(from: string, said: Said = {}) {
        const sdp = (said.sdp ?? `answer of ${name}`) as Payload
        return came(exchange.answer(id, about(from, said), 'accept', sdp, now))
      },
      /** An accept that forgot its SDP. */
      acceptsBare: (from: string) => came(exchange.answer(id, about(from, {}), 'accept', undefined, now)),
      denies(from: string, said: Said = {}) {
        const sdp = said.sdp as Payload | undefined
        return came(exchange.answer(id, about(from, said), 'deny', sdp, now))
      },
      sends: (candidate: string, to: string, said: Said = {}) =>
        came(exchange.candidate(id, about(to, said), candidate as Payload)),
      hangsUp: (on: string, said: Said = {}) => came(exchange.hangUp(id, about(on, said), now)),

      losesSocket: () => perform(exchange.away(id, now)),
      resumes: () => perform(exchange.resume(id, login, now)),
      logsOut: () => perform(exchange.leave(id, now)),

      /** What it was told since it last listened, in words. */
      heard: () => drain().map(wordsOf),
      /** The same with the call that each is about. */
      heardByCall: () => drain().map(tell => `${tell.callId}: ${wordsOf(tell)}`),
      /** The same as it goes to the wire. */
      heardExactly: () => drain(),
      standing: () => exchange.standing(id),
    }
  }

  /** A device connects afresh; by a login that its person's devices share unless another is given. */
  function connect(name: string, how: { login?: string; replaces?: { readonly id: DeviceId } } = {}) {
    const [person = name] = name.split(':')
    const device = `${name}#${++sessions}` as DeviceId
    const login = (how.login ?? `login-${person}`) as LoginId
    inboxes.set(device, [])
    const arrival = { device, userId: userId(person), number: numberOf(person), login }
    const arrived = came(exchange.arrive({ ...arrival, replaces: how.replaces?.id }, now))
    return { ...phone(name, device, login), arrived }
  }

  return {
    get exchange() {
      return exchange
    },
    effects,
    numberOf,
    userId,

    connect,

    /** Devices connected one after the other, each by a login of its own. */
    online<const Names extends readonly string[]>(...names: Names) {
      const phones = names.map(name => connect(name, { login: `login-${name}` }))
      return phones as { -readonly [I in keyof Names]: ReturnType<typeof phone> }
    },

    /** A device that the exchange does not know. */
    stranger: (name: string) => phone(name, `${name}#0` as DeviceId, `login-${name}` as LoginId),

    /** The server stops and starts again later; the calls as they were last written are all that is left. */
    restart({ after: ms }: { after: number }) {
      now += ms
      holding = false
      const calls = [...latest.values()].flatMap(call =>
        call.state === 'ended' ? [] : [structuredClone(call)],
      )
      exchange = createExchange({ ...options, ...changes })
      perform(
        exchange.restore(
          calls.map(call => ({ call, standIn: `stand-in of ${call.id}` as DeviceId })),
          now,
        ),
      )
    },

    advance(ms: number) {
      const until = now + ms
      for (let due = 0; due <= until; due = exchange.nextDeadline() ?? Number.POSITIVE_INFINITY) {
        now = Math.max(now, due)
        perform(exchange.tick(now))
      }
      now = until
    },
    now: () => now,
    perform,

    /** From here on the directory answers when it is told to. */
    holdLookups() {
      holding = true
    },
    locate,

    renumber(person: string, number: string) {
      numbers.set(person, number as PhoneNumber)
      exchange.renumber(userId(person), number as PhoneNumber)
    },

    /** How the calls ended so far, in order. */
    ended: () => ends.map(({ callId, cause }) => `${callId} ${cause}`),
    /** A call as it was last written. */
    written: (id: string) => latest.get(id as CallId),
    forgotten: () => effects.flatMap(effect => (effect.kind === 'forget' ? [effect.device] : [])),
    displaced: () => effects.flatMap(effect => (effect.kind === 'displace' ? [effect.device] : [])),
  }
}

/** Puts the two in a call; what they heard of it is read already. */
export function inCall(caller: Phone, callee: Phone) {
  const [from = '', to = ''] = [caller, callee].map(({ name }) => name.split(':')[0])
  caller.calls(to)
  callee.accepts(from)
  caller.heard()
  callee.heard()
}
