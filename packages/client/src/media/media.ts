import type { IceServer } from '@switchboard/protocol'

/** What a call is to carry. */
export interface Wanted {
  readonly audio: boolean
  readonly video: boolean
}

/** An SDP as it goes over the wire. */
export interface Description {
  readonly type: 'offer' | 'answer'
  readonly sdp: string
  /** Names the session that made it; added by the call. */
  readonly origin?: string
}

export type Candidate = object | string | null

/** What a media session tells its call. */
export interface MediaHooks {
  /** A candidate was found; null after the last. */
  candidate(candidate: Candidate): void
  /** Something changed that the other side has to agree to. */
  negotiationNeeded(): void
  /** Whether media flows. `failed`: it does not come back by itself. */
  state(state: 'up' | 'down' | 'failed'): void
  /** What the other side sends. */
  remoteStream(stream: unknown): void
  /** Something that the user should know went wrong, and the call goes on. */
  warning(error: Error): void
}

export interface MediaStats {
  readonly roundTripMs: number | undefined
  readonly packetsReceived: number
  readonly packetsLost: number
  /** Through a relay. */
  readonly relayed: boolean | undefined
}

/** One call's media: what a peer connection does, without saying how. Calls never overlap: each is awaited. */
export interface MediaSession {
  offer(how: { readonly restartIce: boolean }): Promise<Description>
  answer(offer: Description): Promise<Description>
  takeAnswer(answer: Description): Promise<void>
  /** Takes an offer back that collided with the other side's. */
  rollback(): Promise<void>
  addCandidate(candidate: Candidate): Promise<void>
  setIceServers(servers: readonly IceServer[]): void
  mute(kind: 'audio' | 'video', muted: boolean): void
  /** Nothing is sent and nothing is played; asks for negotiation. */
  hold(held: boolean): void
  switchDevice(kind: 'audio' | 'video', deviceId: string): Promise<void>
  sendDigits(digits: string): void
  stats(): Promise<MediaStats | undefined>
  readonly localStream: unknown
  /** `keepLocal`: what is captured goes on in another session. */
  close(keepLocal?: boolean): void
}

export interface OpenMedia {
  readonly wanted: Wanted
  readonly iceServers: readonly IceServer[]
  readonly hooks: MediaHooks
  /** What a session before captured: the camera does not blink. */
  readonly localStream?: unknown
}

/** Where calls get their media from: a browser, a library for Node, something of your own. */
export interface Media {
  open(options: OpenMedia): Promise<MediaSession>
}
