/** `GET /api/overview?since=` */
export interface OverviewView {
  readonly at: string
  readonly live: {
    readonly connections: number
    readonly devices: number
    readonly usersPresent: number
    readonly ringing: number
    readonly established: number
    readonly callsPerMinute: number
    readonly answerRate: number | null
    readonly setUpSeconds: { readonly p50: number; readonly p95: number } | null
    readonly errorsPerMinute: number
    readonly eventLoopLagMs: number
    readonly cpuShare: number
    readonly memoryBytes: number
  }
  readonly stepSeconds: number
  readonly points: readonly OverviewPoint[]
  readonly nodes: number
  readonly bus: 'alone' | 'connected' | 'away'
  readonly prometheus: boolean
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

/** `GET /api/mail?state=&cursor=` */
export interface MailView {
  readonly mails: readonly MailRow[]
  readonly next: string | null
}

export interface MailRow {
  readonly id: string
  readonly kind: string
  readonly userId: string | null
  readonly state: string
  readonly attempts: number
  readonly nextAt: string | null
  readonly createdAt: string
  readonly sentAt: string | null
  readonly lastError: string | null
}

/** `GET /api/limits` */
export interface LimitsView {
  readonly limits: readonly {
    readonly name: string
    readonly reason?: string
    readonly tripped: number
    readonly lastAt: string | null
  }[]
  readonly trips: readonly {
    readonly at: string
    readonly limit: string
    readonly address: string | null
    readonly userId: string | null
  }[]
}

/** `GET /api/nodes` */
export interface NodesView {
  readonly nodes: readonly {
    readonly id: string
    readonly version: string
    readonly startedAt: string
    readonly seenAt: string
    readonly draining: boolean
    readonly address: string | null
    readonly connections: number
    readonly calls: number
    readonly isThis: boolean
  }[]
}

/** `GET /api/settings` */
export interface SettingsView {
  readonly settings: readonly {
    readonly name: string
    readonly value: string
    readonly source: 'default' | 'environment' | '.env' | 'file'
    readonly description: string
  }[]
}
