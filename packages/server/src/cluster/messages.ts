import type { CallId, DeviceId, LoginId, PhoneNumber, SignalErrorCode, UserId } from '@switchboard/protocol'
import type { Payload } from '../exchange/call.js'
import type { Component } from '../exchange/component.js'
import type { Arrival } from '../exchange/devices.js'
import type { Tell } from '../exchange/effects.js'
import type { Said } from '../signaling/act.js'
import type { Answered, Welcome } from '../signaling/home.js'
import type { PackedSession } from '../signaling/session.js'
import type { SpentCalls } from '../throttles/throttles.js'
import type { NodeId } from './node-id.js'

/** From the node of a device to its user's home; passed on by homes that gave the user away. */
interface FromDevice {
  /** The node that the device is connected to. */
  readonly at: NodeId
  readonly user: UserId
  readonly device: DeviceId
}

/** In the order of `n`, whatever way it comes. */
interface Step extends FromDevice {
  readonly n: number
}

export type ToHome =
  /** Came for a device whose session has left this node: goes after it. */
  | (FromDevice & {
      readonly t: 'bounced'
      readonly n: number
      readonly kind: 'tell' | 'inherit'
      readonly tell: Tell
    })
  | (FromDevice & { readonly t: 'arrive'; readonly ask: number; readonly arrival: Arrival })
  | (Step & { readonly t: 'resume'; readonly ask: number; readonly login: LoginId })
  | (FromDevice & { readonly t: 'move'; readonly ask: number; readonly login: LoginId })
  | (Step & { readonly t: 'away' | 'leave' })
  | (Step & { readonly t: 'rang'; readonly callId: CallId })
  | (Step & { readonly t: 'relogin'; readonly ask: number; readonly login: LoginId })
  /** `ask`: its answer comes once it is written; none: only a refusal does, by itself. */
  | (Step & { readonly t: 'say'; readonly ask: number | undefined; readonly said: Said })
  /** The session of a device, for another node that it came back on; none: it is not there any more. */
  | (FromDevice & { readonly t: 'yielded'; readonly ask: number; readonly packed: PackedLeg | undefined })

/** A session on its way, and how far its steps and deliveries were counted. */
export interface PackedLeg {
  readonly session: PackedSession
  readonly said: number
  readonly got: number
}

/** What a device does, which its home takes in order and once. */
export const isStep = (message: ClusterMessage): message is Extract<ToHome, Step> =>
  'n' in message && 'at' in message && message.t !== 'bounced'

/** From a user's home to the node of a device. */
export type ToDevice =
  | {
      /** `inherit`: waited for another device of its seat. */
      readonly t: 'tell' | 'inherit'
      readonly user: UserId
      readonly device: DeviceId
      readonly n: number
      readonly tell: Tell
    }
  | { readonly t: 'displace' | 'forget'; readonly device: DeviceId; readonly n: number }
  /** What the device said without asking for a receipt came to nothing. */
  | { readonly t: 'refused'; readonly device: DeviceId; readonly code: SignalErrorCode }
  /** Give up the session: its device came back on another node. */
  | { readonly t: 'yield'; readonly ask: number; readonly user: UserId; readonly device: DeviceId }
  /** What waits unseen of a call, for a device elsewhere that took the seat. */
  | { readonly t: 'unsent'; readonly ask: number; readonly device: DeviceId; readonly callId: CallId }
  | { readonly t: 'homed'; readonly user: UserId; readonly home: NodeId }
  /** Of a roll, those that are not known here. */
  | {
      readonly t: 'strangers'
      readonly named: readonly DeviceId[]
      readonly devices: readonly DeviceId[]
    }
  /** Nothing is known here of this user any more. */
  | { readonly t: 'homeless'; readonly user: UserId }

/** Where a device is and how far its steps and deliveries were counted. */
export interface Leg {
  readonly device: DeviceId
  readonly node: NodeId
  readonly heard: number
  readonly told: number
}

/** People and calls on their way from one home to another. */
export interface Parcel {
  readonly component: Component
  readonly legs: readonly Leg[]
  /** How often each call changed hands: who writes with a lower term writes nothing. */
  readonly terms: readonly (readonly [CallId, number])[]
  /** What they have spent of the limits on calls: a home that moves gives nobody more of them. */
  readonly spent: readonly (readonly [UserId, SpentCalls])[]
}

/** Devices of a node: with a socket, and with a session alone. */
export interface Roll {
  readonly present: readonly DeviceId[]
  readonly absent: readonly DeviceId[]
}

export type BetweenHomes =
  | {
      readonly t: 'want'
      readonly ask: number
      readonly user: UserId
      readonly callId: CallId
      readonly callerNumber: PhoneNumber
      /** Wall clock. */
      readonly placedAt: number
      readonly isStranger: boolean
    }
  | { readonly t: 'hand'; readonly parcel: Parcel }
  | { readonly t: 'took'; readonly users: readonly UserId[] }
  /** Devices of the sender whose users it thinks are at home there: what else is known of it there is wrong. */
  | ({ readonly t: 'roll' } & Roll)
  /** A session at a node that stops has lost its socket: its user's home had better fetch it. */
  | { readonly t: 'keep'; readonly at: NodeId; readonly user: UserId; readonly device: DeviceId }

export type Wanted = { readonly standing: 'nobody' | 'busy' | 'earlier' | 'coming' }

export type Reply =
  | { readonly answered: Answered }
  | { readonly moved: { readonly welcome: Welcome; readonly leg: PackedLeg } | 'refused' }
  | { readonly yielded: PackedLeg | undefined }
  | { readonly said: SignalErrorCode | 'done' }
  | { readonly wanted: Wanted }
  | { readonly tells: readonly Tell[] }
  | { readonly noHome: true }

export type Answer = { readonly t: 'answer'; readonly ask: number; readonly reply: Reply }

export type ClusterMessage = ToHome | ToDevice | BetweenHomes | Answer

type WithTell = Extract<ClusterMessage, { readonly tell: Tell }>

const carriesTell = (message: ClusterMessage): message is WithTell =>
  message.t === 'tell' || message.t === 'inherit' || message.t === 'bounced'

/** The message as text; the payload that it carries in its own bytes below it, for it may be long and is escaped else. */
export function writeMessage(message: ClusterMessage, payload?: Payload): string {
  if (carriesTell(message)) {
    const [tell, below] = parted(message.tell)
    return join({ ...message, tell }, below)
  }
  return join(message, payload)
}

const join = (head: unknown, payload: Payload | undefined) =>
  payload === undefined ? JSON.stringify(head) : `${JSON.stringify(head)}\n${payload}`

function parted(tell: Tell): [unknown, Payload | undefined] {
  if (tell.kind === 'candidate') return [{ ...tell, candidate: undefined }, tell.candidate]
  if (tell.kind === 'call' || tell.kind === 'callResponse') return [{ ...tell, sdp: undefined }, tell.sdp]
  return [tell, undefined]
}

export function readMessage(text: string): { message: ClusterMessage; payload: Payload | undefined } {
  const end = text.indexOf('\n')
  const message = JSON.parse(end === -1 ? text : text.slice(0, end)) as ClusterMessage
  const payload = end === -1 ? undefined : (text.slice(end + 1) as Payload)
  if (!carriesTell(message) || payload === undefined) return { message, payload }
  const field = message.tell.kind === 'candidate' ? 'candidate' : 'sdp'
  return { message: { ...message, tell: { ...message.tell, [field]: payload } as Tell }, payload: undefined }
}
