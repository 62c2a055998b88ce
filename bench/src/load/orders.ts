import type { Account, DialectName } from './dialects.js'

/** Where the load goes: a pair's caller to the first port, its callee to the last. */
export interface Target {
  readonly dialect: DialectName
  readonly ports: readonly number[]
  readonly accounts: readonly Account[]
}

/** An HTTP request, prepared: `$TOKEN` stands for an account's. */
export interface HttpWork {
  readonly port: number
  readonly method: string
  readonly path: string
  readonly bodies?: readonly string[]
  readonly tokens: readonly string[]
  readonly lanes: number
  readonly expect: number
}

export type Work =
  /** Ping-pong of candidates or SDP within calls, so many on their way at once. */
  | {
      readonly kind: 'relay'
      readonly target: Target
      readonly said: 'candidate' | 'sdp'
      readonly window: number
    }
  /** Whole calls, each pair one after the other. */
  | { readonly kind: 'calls'; readonly target: Target; readonly candidates: number }
  /** Connect, authenticate, goodbye. */
  | { readonly kind: 'connects'; readonly target: Target; readonly lanes: number }
  /** Connections that do nothing. */
  | { readonly kind: 'idle'; readonly target: Target }
  /** Candidates at a fixed rate, whatever the server does. */
  | {
      readonly kind: 'rate'
      readonly target: Target
      readonly perSecond: number
      readonly beside?: HttpWork
    }
  | { readonly kind: 'http'; readonly http: HttpWork }
  /** Everybody loses the socket at once and comes back with the session. */
  | { readonly kind: 'storm'; readonly target: Target }
  /** Several kinds of work, each at a rate of its own. */
  | {
      readonly kind: 'mixed'
      readonly target: Target
      readonly callsPerSecond: number
      readonly connectsPerSecond: number
      readonly reads: readonly { readonly perSecond: number; readonly http: HttpWork }[]
    }

export type Order =
  | { readonly id: number; readonly do: 'open'; readonly key: string; readonly work: Work }
  | { readonly id: number; readonly do: 'run'; readonly key: string; readonly ms: number }
  | { readonly id: number; readonly do: 'close'; readonly key: string }

/** Milliseconds. */
export interface Latency {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
  readonly count: number
}

/** What came of a run. */
export interface Outcome {
  readonly operations: number
  readonly elapsedMs: number
  /** Of one core, this process; near 1 the load was what limited the rate. */
  readonly loadShare: number
  readonly latencies: Readonly<Record<string, Latency>>
}

export type Report =
  | { readonly id: number; readonly outcome?: Outcome }
  | { readonly id: number; readonly fault: string }
