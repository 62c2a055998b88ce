import type { CallId, DeviceId, LoginId, PhoneNumber, SignalErrorCode, UserId } from '@switchboard/protocol'
import type { Clock, Timers } from '../clock.js'
import type { Directory, Reached } from '../directory/directory.js'
import type { Canonicalise } from '../directory/phone-number.js'
import type { Payload } from '../exchange/call.js'
import type { Arrival } from '../exchange/devices.js'
import type { Effect, Tell } from '../exchange/effects.js'
import type { Exchange, Standing } from '../exchange/exchange.js'
import type { Restored } from '../exchange/restore.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Meter } from '../meter.js'
import type { Throttles } from '../throttles/throttles.js'
import { createTripped, type Tripped } from '../throttles/tripped.js'
import type { Tracer } from '../tracer.js'
import { act, type Said, type Whose } from './act.js'
import { callLog } from './call-log.js'
import { callMeasures } from './call-measures.js'
import { callTrace } from './call-trace.js'
import type { Journal } from './journal.js'

/** What a device that connected is told first. */
export interface Welcome {
  readonly number: PhoneNumber
  readonly calls: readonly Standing[]
}

/** What the session of a device is given to do, in order. */
export type Delivery =
  | { readonly kind: 'tell'; readonly tell: Tell }
  /** Waited for another device of its seat: it may have that itself. */
  | { readonly kind: 'inherit'; readonly tell: Tell }
  /** Another device took its place. */
  | { readonly kind: 'displace' }
  /** It is gone for good. */
  | { readonly kind: 'forget' }

/** What came of a device's connecting: it may not, or is not known any more; or its home was lost on the way. */
export type Answered = Welcome | 'refused' | 'lost'

/**
 * Where it is decided about a user: everything that its devices do goes there, wherever they are connected. Answers
 * come before anything that the same step delivers. One that never comes means that the home was lost.
 */
export interface Home {
  /** A device connects afresh. */
  arrive(arrival: Arrival, answer: (answered: Answered) => void): void
  /** A device is back in its session. */
  resume(whose: Whose, login: LoginId, answer: (answered: Answered) => void): void
  /** The device's socket is lost. */
  away(whose: Whose): void
  /** The device is logged out. */
  leave(whose: Whose): void
  /** The device has got the ring of this call. */
  rang(whose: Whose, callId: CallId): void
  /** Its socket was renewed with a token of another login. */
  relogin(whose: Whose, login: LoginId, answer: (answered: Answered) => void): void
  /** A message. The answer is a refusal, or undefined once the step is written, if `wantsReceipt`. */
  say(
    whose: Whose,
    said: Said,
    payload: Payload | undefined,
    wantsReceipt: boolean,
    answer: (refused: SignalErrorCode | undefined) => void,
  ): void
}

type Locate = Extract<Effect, { kind: 'locate' }>

export interface HomeDeps {
  readonly exchange: Exchange
  readonly journal: Journal
  readonly directory: Pick<Directory, 'locate' | 'profile'>
  readonly canonicalise: Canonicalise
  readonly throttles: Pick<Throttles, 'call' | 'strangerCall'>
  readonly deliver: (device: DeviceId, delivery: Delivery) => void
  /** What waits unseen in the session of one device is for another, which took its seat. */
  readonly inherit: (effect: Extract<Effect, { kind: 'inherit' }>) => void
  /** Sees to it that a callee is decided about here, if it is connected at all and free. */
  readonly bring: (call: Locate, callee: Reached) => Promise<Brought> | Brought
  /** It is decided about this user here from now on, if it was not before. */
  readonly atHome: (userId: UserId) => void
  readonly clock: Clock
  readonly timers: Timers
  readonly newId: () => string
  readonly log: Logger
  readonly meter?: Meter
  readonly tripped?: Tripped
  readonly tracer?: Tracer | undefined
}

/** `here`: or connected nowhere. `moot`: the call is decided about elsewhere by now. */
export type Brought = 'here' | 'busy' | 'moot'

export type LocalHome = ReturnType<typeof createHome>

/**
 * Decides for the users who are at home in this process: joins the exchange to the journal, the directory and the
 * devices, and owns its one timer.
 */
export function createHome(deps: HomeDeps) {
  const { exchange, journal, clock, timers, log, deliver, tripped = createTripped() } = deps
  const measures = callMeasures(deps.meter)
  const logStep = callLog(log)
  const trace = deps.tracer && callTrace(deps.tracer, clock)
  let stopTimer: (() => void) | undefined
  let timerFor = Number.POSITIVE_INFINITY
  let isStopped = false

  function perform(effects: readonly Effect[]) {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'tell':
          deliver(effect.device, effect)
          break
        case 'record':
          journal.record(effect.call, effect.trace)
          measures.note(effect)
          trace?.step(effect)
          logStep?.(effect)
          break
        case 'locate':
          void locate(effect)
          break
        case 'inherit':
          deps.inherit(effect)
          break
        case 'displace':
          tripped.devicesPerUser.add()
          deliver(effect.device, effect)
          break
        case 'forget':
          deliver(effect.device, effect)
          break
      }
    }
    arm()
  }

  async function locate(effect: Locate) {
    const { callId, callerId, number } = effect
    // Begun before anything is known of the callee, so that its end tells nothing either.
    const floor = new Promise<void>(resolve => timers.after(limits.unreachedMs, resolve))
    let reached: Reached | undefined
    try {
      reached = await deps.directory.locate(callerId, number)
    } catch (error) {
      log.error({ err: error, callId }, 'the directory could not locate a callee')
    }
    // A stranger too many hears what every unreachable callee's caller hears.
    if (reached?.isStranger && !deps.throttles.strangerCall(reached.userId)) reached = undefined
    const { userId, relayOnly = false } = reached ?? {}
    if (reached && !exchange.has(reached.userId)) {
      const brought = await deps.bring(effect, reached)
      if (brought === 'moot') return
      if (brought === 'busy')
        return perform(exchange.busyElsewhere(callId, reached.userId, clock.monotonic()))
    }
    if (!userId || exchange.devicesOf(userId).length === 0) await floor
    perform(exchange.located(callId, userId, clock.monotonic(), { relayOnly }))
    if (userId && exchange.has(userId)) deps.atHome(userId)
  }

  /** One timer for every ring and resume window; armed again only when something is due earlier. */
  function arm() {
    const next = exchange.nextDeadline()
    if (next === undefined || next >= timerFor || isStopped) return
    stopTimer?.()
    timerFor = next
    stopTimer = timers.after(Math.max(1, Math.ceil(next - clock.monotonic())), tick)
  }

  function tick() {
    const late = clock.monotonic() - timerFor
    if (late < limits.stoodStillMs) return expire()
    // This process stood still. Who came back or answered in time waits to be read, and is heard first.
    timerFor = Number.NEGATIVE_INFINITY
    stopTimer = timers.after(limits.hearFirstMs, expire)
  }

  function expire() {
    stopTimer = undefined
    timerFor = Number.POSITIVE_INFINITY
    perform(exchange.tick(clock.monotonic()))
  }

  const welcome = ({ id, userId }: Whose): Answered => {
    const number = exchange.numberOf(userId)
    return number === undefined ? 'refused' : { number, calls: exchange.standing(id) }
  }

  const home: Home = {
    arrive(arrival, answer) {
      const outcome = exchange.arrive(arrival, clock.monotonic())
      if ('refused' in outcome) {
        tripped.devicesPerUser.add()
        return answer('refused')
      }
      log.debug({ device: arrival.device, userId: arrival.userId }, 'a device is connected')
      answer(welcome({ id: arrival.device, userId: arrival.userId }))
      perform(outcome.effects)
    },

    resume(whose, login, answer) {
      if (exchange.ownerOf(whose.id) !== whose.userId) return answer('refused')
      log.debug({ device: whose.id, userId: whose.userId }, 'a device is back in its session')
      const effects = exchange.resume(whose.id, login, clock.monotonic())
      answer(welcome(whose))
      perform(effects)
    },

    away({ id }) {
      log.debug({ device: id }, 'a device lost its socket')
      perform(exchange.away(id, clock.monotonic()))
    },

    leave({ id }) {
      log.debug({ device: id }, 'a device is logged out')
      perform(exchange.leave(id, clock.monotonic()))
    },

    rang: ({ id }, callId) => perform(exchange.rang(id, callId)),

    relogin(whose, login, answer) {
      perform(exchange.relogin(whose.id, login))
      answer(welcome(whose))
    },

    say(whose, said, payload, wantsReceipt, answer) {
      const outcome = act(deps, whose, said, payload, clock.monotonic())
      if ('refused' in outcome) {
        // Of a candidate nothing else is counted here.
        if (said.REASON === 'ICECandidate' && outcome.refused === 'rate_limited')
          tripped.candidatesPerSide.add()
        return answer(outcome.refused)
      }
      perform(outcome.effects)
      if (!wantsReceipt) return
      // The step is the client's to forget once it is written (contract section 3, `ID`).
      if (journal.isSettled()) answer(undefined)
      else void journal.settled().then(() => answer(undefined))
    },
  }

  return {
    ...home,
    perform,

    /** An operator ends a call; false: it is not decided about here. */
    endByAdmin(callId: CallId): boolean {
      const effects = exchange.endByAdmin(callId, clock.monotonic())
      if (effects) perform(effects)
      return effects !== undefined
    },

    /** The user may have another number now; `known` when that was told. */
    async renumber(userId: UserId, known: PhoneNumber | undefined) {
      if (!exchange.has(userId)) return
      if (known) return exchange.renumber(userId, known)
      try {
        const profile = await deps.directory.profile(userId)
        if (profile) exchange.renumber(userId, profile.phoneNumber)
      } catch (error) {
        log.error({ err: error, userId }, 'a changed profile could not be read')
      }
    },

    /** Takes up calls that lived when a server stopped, this one or another. */
    restore: (calls: readonly Restored[]) => perform(exchange.restore(calls, clock.monotonic())),

    /** Releases the timer; calls stay as they are written. */
    stop() {
      isStopped = true
      stopTimer?.()
    },
  }
}
