import type { CallId, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import { accept, deny } from './answer.js'
import type { LivingCall, Payload } from './call.js'
import { trickle } from './candidate.js'
import {
  availability,
  busyElsewhere,
  type Component,
  callsOf,
  pack,
  tied,
  unpack,
  type Wanted,
} from './component.js'
import { type Arrival, admit, arrive, away, leave, relogin, resume } from './devices.js'
import { type Effect, type Outcome, refused } from './effects.js'
import { endCall } from './end.js'
import { isSought, located, place, release } from './place.js'
import { answerRenegotiation } from './renegotiate.js'
import { type Restored, restore } from './restore.js'
import { calleeNumber, callerNumber, callOf, type ExchangeOptions, emptyState, roleOf } from './state.js'

/** Where a call stands, for a device that connects. */
export interface Standing {
  readonly callId: CallId
  readonly caller: PhoneNumber
  readonly callee: PhoneNumber
  readonly state: 'ringing' | 'established'
  /** Whether this very device is in the call. */
  readonly here: boolean
}

/** Names the call that a device's message is about. */
export interface About {
  /** The other party's number, canonical. */
  readonly receiver: PhoneNumber
  readonly callId: string | undefined
}

export type Exchange = ReturnType<typeof createExchange>

/**
 * Decides everything about calls: who rings, who wins, who is told what (contract section 3). It knows no socket, no
 * database and no clock: `now` is monotonic milliseconds and never goes back, ids are given, what is to be done
 * comes back as effects.
 */
export function createExchange(options: ExchangeOptions) {
  const state = emptyState(options)

  function about(device: DeviceId, { receiver, callId }: About, prefer: 'own' | 'incoming') {
    const from = state.devices.get(device)
    const found = from && callOf(state, from, receiver, callId, prefer)
    return found && { ...found, from }
  }

  return {
    /** A device connects afresh. Refused when its user has five devices and all are in calls (rule 1). */
    arrive(arrival: Arrival, now: number): Outcome {
      const out: Effect[] = []
      const replaced = arrival.replaces && state.devices.get(arrival.replaces)
      const makesRoom = replaced?.attached && replaced.userId === arrival.userId
      if (!makesRoom && !admit(state, arrival.userId, out, now)) return refused('rate_limited')
      arrive(state, arrival, now, out)
      return { effects: out }
    },

    /** A device comes back in its session. */
    resume(id: DeviceId, login: LoginId, now: number): readonly Effect[] {
      const device = state.devices.get(id)
      const out: Effect[] = []
      if (device) resume(state, device, login, now, out)
      return out
    },

    /** A device's socket is lost; it has the resume window to come back. */
    away(id: DeviceId, now: number): readonly Effect[] {
      const device = state.devices.get(id)
      const out: Effect[] = []
      if (device?.attached) away(state, device, now, out)
      return out
    },

    /** A device is logged out: gone at once. */
    leave(id: DeviceId, now: number): readonly Effect[] {
      const device = state.devices.get(id)
      const out: Effect[] = []
      if (device) leave(state, device, 'left', now, out)
      release(state, now, out)
      return out
    },

    call(device: DeviceId, to: About, sdp: Payload, newCallId: CallId, now: number): Outcome {
      const from = state.devices.get(device)
      return from ? place(state, from, { ...to, sdp }, newCallId, now) : refused('not_connected')
    },

    located(
      callId: CallId,
      callee: UserId | undefined,
      now: number,
      { relayOnly = false }: { relayOnly?: boolean } = {},
    ): readonly Effect[] {
      if (!isSought(state, callId)) return []
      const out: Effect[] = []
      located(state, callId, callee, relayOnly, now, out)
      release(state, now, out)
      return out
    },

    answer(
      device: DeviceId,
      to: About,
      response: 'accept' | 'deny',
      sdp: Payload | undefined,
      now: number,
    ): Outcome {
      const found = about(device, to, 'incoming')
      if (!found) return refused('no_call')
      const { call, from } = found
      if (call.state === 'established') return answerRenegotiation(state, call, from, response, sdp)
      if (call.state !== 'ringing' || found.role !== 'fork') return refused('no_call')
      if (response === 'deny') return deny(state, call, from, sdp, now)
      return sdp === undefined ? refused('invalid_message') : accept(state, call, from, sdp, now)
    },

    candidate(device: DeviceId, to: About, candidate: Payload): Outcome {
      const found = about(device, to, 'own')
      return found ? trickle(state, found.call, found.role, found.from, candidate) : refused('no_call')
    },

    /** The device has got the ring of this call: nothing is decided by it, and it is written. */
    rang(device: DeviceId, callId: CallId): readonly Effect[] {
      const call = state.calls.get(callId)
      if (call?.state !== 'ringing' || !call.forks.has(device)) return []
      return [{ kind: 'record', call, trace: { kind: 'acknowledged', device } }]
    },

    hangUp(device: DeviceId, to: About, now: number): Outcome {
      const found = about(device, to, 'own')
      if (!found) return refused('no_call')
      const out: Effect[] = []
      const cause = { caller: 'cancelled', callee: 'hung_up', fork: 'denied' } as const
      const why = found.call.state === 'established' ? 'hung_up' : cause[found.role]
      endCall(state, found.call, why, now, out, {
        by: device,
        ...(found.role === 'fork' && { forks: 'declined_elsewhere' as const }),
      })
      release(state, now, out)
      return { effects: out }
    },

    /** An operator ends the call, whoever is in it: all of them are told. Undefined: it is not decided about here. */
    endByAdmin(callId: CallId, now: number): readonly Effect[] | undefined {
      const call = state.calls.get(callId)
      if (!call) return undefined
      const out: Effect[] = []
      endCall(state, call, 'ended_by_admin', now, out)
      release(state, now, out)
      return out
    },

    /** Ends what is due: rings without an answer, devices that stayed away. */
    tick(now: number): readonly Effect[] {
      const out: Effect[] = []
      for (const [callId, until] of state.ringUntil) {
        if (until > now) break
        const call = state.calls.get(callId) as LivingCall
        const rang = call.state === 'ringing' && call.rangAt !== undefined
        endCall(state, call, rang ? 'no_answer' : 'unavailable', now, out, { detail: 'ring_timeout' })
      }
      for (const [id, until] of state.awayUntil) {
        if (until > now) break
        const device = state.devices.get(id)
        if (device) leave(state, device, 'lost', now, out)
      }
      release(state, now, out)
      return out
    },

    /** When `tick` has something to do next; undefined when nothing waits. */
    nextDeadline(): number | undefined {
      const [ring] = state.ringUntil.values()
      const [lost] = state.awayUntil.values()
      if (ring === undefined || lost === undefined) return ring ?? lost
      return Math.min(ring, lost)
    },

    /** The user answers to another number from now on; calls it is in go on. */
    renumber(userId: UserId, number: PhoneNumber) {
      const member = state.members.get(userId)
      if (member) member.number = number
    },

    /** The device's socket was renewed with a token of another login of the same user. */
    relogin(id: DeviceId, login: LoginId): readonly Effect[] {
      const device = state.devices.get(id)
      const out: Effect[] = []
      if (device) relogin(state, device, login, out)
      return out
    },

    /** Whether the device is in a call of its own: dialling, ringing out or established. */
    isSeated: (id: DeviceId): boolean => state.devices.get(id)?.seat !== undefined,

    /** Whose device this is, while it is connected or may come back. */
    ownerOf: (id: DeviceId): UserId | undefined => state.devices.get(id)?.userId,

    devicesOf: (userId: UserId): readonly DeviceId[] => [
      ...(state.members.get(userId)?.devices.keys() ?? []),
    ],

    /** Devices of a user and of everybody whom calls tie it to: they go to another exchange together. */
    devicesTied: (userId: UserId): readonly DeviceId[] =>
      [...tied(state, userId).members].flatMap(({ devices }) => [...devices.keys()]),

    numberOf: (userId: UserId): PhoneNumber | undefined => state.members.get(userId)?.number,

    /** The calls that the device's user is part of. */
    standing(device: DeviceId): readonly Standing[] {
      return callsOf(state, state.devices.get(device)?.userId as UserId).map(call => ({
        callId: call.id,
        caller: callerNumber(state, call),
        callee: calleeNumber(state, call),
        state: call.state === 'established' ? 'established' : 'ringing',
        here: (roleOf(call, device) ?? 'fork') !== 'fork',
      }))
    },

    presence(userId: UserId): { readonly reachable: boolean; readonly inCall: boolean } {
      const devices = [...(state.members.get(userId)?.devices.values() ?? [])]
      return { reachable: devices.some(d => d.attached), inCall: devices.some(d => d.seat !== undefined) }
    },

    restore(calls: readonly Restored[], now: number): readonly Effect[] {
      const out: Effect[] = []
      restore(state, calls, now, out)
      return out
    },

    /** Whether anything is decided about this user here. */
    has: (userId: UserId): boolean => state.members.has(userId),

    /** Whether this call is decided about here. */
    hasCall: (callId: CallId): boolean => state.calls.has(callId),

    /** Whether the user is in no call, rings nowhere and dials nobody. */
    isIdle: (userId: UserId): boolean => callsOf(state, userId).length === 0,

    /** The user's calls that are under way. */
    callsOf: (userId: UserId): readonly CallId[] => callsOf(state, userId).map(({ id }) => id),

    /** Whether the directory's answer to this call is still waited for. */
    isSought: (callId: CallId): boolean => isSought(state, callId),

    /** What another exchange has to know to ask for whom this call reaches. */
    wantedFor(callId: CallId): Wanted | undefined {
      const call = state.calls.get(callId)
      return call && { callId, callerNumber: callerNumber(state, call), placedAt: call.placedAt }
    },

    /** Whether the user may be given to the exchange that wants it. */
    availability: (userId: UserId, wanted: Wanted) => availability(state, userId, wanted),

    /** Gives the user away, with everybody and every call it is tied to. */
    pack: (userId: UserId, now: number): Component => pack(state, userId, now),

    /** Takes in what another exchange gave away. */
    unpack(component: Component, now: number): readonly Effect[] {
      const out: Effect[] = []
      unpack(state, component, now, out)
      release(state, now, out)
      return out
    },

    /** The call's callee is in a call that another exchange decides about. */
    busyElsewhere(callId: CallId, callee: UserId, now: number): readonly Effect[] {
      const out: Effect[] = []
      const call = state.calls.get(callId)
      if (call?.state === 'locating') busyElsewhere(state, call, callee, now, out)
      release(state, now, out)
      return out
    },

    /** Calls by how far they are. */
    callsByState() {
      const counts = { locating: 0, ringing: 0, established: 0 }
      for (const { state: its } of state.calls.values()) counts[its]++
      return counts
    },

    /** How much is alive, for metrics and leak tests. */
    counts: () => ({
      calls: state.calls.size,
      devices: state.devices.size,
      members: state.members.size,
      deadlines: state.ringUntil.size + state.awayUntil.size,
    }),
  }
}
