/** `GET /api/overview?since=`: how it goes, and went for an hour, all nodes together. */
export interface OverviewView {
  readonly at: string
  readonly live: {
    /** Open sockets. */
    readonly connections: number
    /** Devices with a session; some may be away for a moment. */
    readonly devices: number
    readonly usersPresent: number
    readonly ringing: number
    readonly established: number
    readonly callsPerMinute: number
    /** Of the calls that ended or were answered in the last minute; null: there were none. */
    readonly answerRate: number | null
    /** From a call to its ringing, in the last minute. */
    readonly setUpSeconds: { readonly p50: number; readonly p95: number } | null
    /** Messages and calls that failed. */
    readonly errorsPerMinute: number
    /** How late the event loop of the worst node came to its timers, at the 99th percentile. */
    readonly eventLoopLagMs: number
    /** Of one core, all nodes together. */
    readonly cpuShare: number
    readonly memoryBytes: number
  }
  readonly stepSeconds: number
  readonly points: readonly OverviewPoint[]
  /** Nodes that answered. */
  readonly nodes: number
  readonly bus: 'alone' | 'connected' | 'away'
  /** Whether somebody has fetched `/metrics` from this process of late. */
  readonly prometheus: boolean
  /** Whether there is a Prometheus to ask for more than the last hour (`PROMETHEUS_URL`). */
  readonly longer: boolean
}

export type LongerRange = '6h' | '24h' | '7d'

/** `GET /api/overview/longer`: 503 `service_unavailable` where Prometheus does not answer. */
export interface LongerView {
  readonly stepSeconds: number
  /** From the first that Prometheus has. */
  readonly points: readonly OverviewPoint[]
}

export interface OverviewPoint {
  readonly at: string
  readonly connections: number
  readonly ringing: number
  readonly established: number
  readonly callsPerMinute: number
  readonly answerRate: number | null
  readonly setUpP50: number | null
  readonly setUpP95: number | null
  readonly errorsPerMinute: number
  readonly eventLoopLagMs: number
}

/** `GET /api/limits`: what said no since the nodes started, and to whom of late. */
export interface LimitsView {
  readonly limits: readonly {
    readonly name: string
    readonly tripped: number
    /** Known of the newest trips alone. */
    readonly lastAt: string | null
  }[]
  readonly trips: readonly LimitTrip[]
}

export interface LimitTrip {
  readonly at: string
  readonly limit: string
  readonly address: string | null
  readonly userId: string | null
}

/** `GET /api/nodes` */
export interface NodesView {
  readonly nodes: readonly NodeView[]
}

export interface NodeView {
  readonly id: string
  readonly version: string
  readonly startedAt: string
  readonly seenAt: string
  readonly draining: boolean
  /** The name of its machine. */
  readonly address: string | null
  readonly connections: number
  /** Calls that it decides about. */
  readonly calls: number
  readonly isThis: boolean
}
