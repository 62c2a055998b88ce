import type { Listening } from '../emitter.js'
import type { CallEnd, SwitchboardError } from '../errors.js'
import type { Wanted } from '../media/media.js'
import type { Quality } from '../media/quality.js'
import type { Phase } from './progress.js'

export interface CallEvents {
  /** The other side's device rings. */
  ringing: []
  /** Both sides hear each other. */
  connected: []
  /** Media or the connection to the server is lost, and is being got back. */
  reconnecting: []
  reconnected: []
  ended: [CallEnd]
  /** Every two seconds while somebody listens and the call is connected. */
  quality: [Quality]
  /** What the other side sends: a `MediaStream` in browsers. */
  remoteStream: [unknown]
  /** The other side put the call on hold, or took it back. */
  peerHold: [boolean]
  /** Something went wrong, and the call goes on. */
  warning: [SwitchboardError | Error]
}

/** One call, from its ringing to its end. */
export interface Call extends Listening<CallEvents> {
  /** The server's id, the same as in the history; unknown until it rings. */
  readonly id: string | undefined
  readonly direction: 'outgoing' | 'incoming'
  /** The other party's number. */
  readonly peer: string
  readonly phase: Phase
  /** Why it ended; undefined while it goes on. */
  readonly end: CallEnd | undefined
  /** Resolves when the call is over. */
  readonly over: Promise<CallEnd>
  /** What it is made with, or, while it comes in, what the caller offers. */
  readonly hasVideo: boolean
  /** A `MediaStream` in browsers. */
  readonly localStream: unknown
  readonly remoteStream: unknown
  readonly isHeld: boolean
  readonly isHeldByPeer: boolean
  isMuted(kind?: 'audio' | 'video'): boolean
  /** Takes an incoming call; rejects with a `MediaError` when the microphone cannot be had, and rings on. */
  accept(wanted?: Partial<Wanted>): Promise<void>
  /** Refuses an incoming call, on every device. */
  deny(): void
  hangUp(): void
  /** At any time, before the answer too. */
  mute(muted?: boolean, kind?: 'audio' | 'video'): void
  hold(held?: boolean): void
  switchDevice(kind: 'audio' | 'video', deviceId: string): Promise<void>
  /** Digits 0 to 9, *, # and A to D, as tones. */
  sendDigits(digits: string): void
}
