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

/** `GET /api/users?q=&cursor=` */
export interface UsersView {
  readonly users: readonly UserRow[]
  readonly next: string | null
}

export interface UserRow {
  readonly id: string
  readonly firstName: string
  readonly lastName: string
  readonly phoneNumber: string
  readonly email: string
  readonly createdAt: string
  readonly isDisabled: boolean
  readonly present: boolean
}

/** `GET /api/users/:id` */
export interface UserView {
  readonly user: UserRow & { readonly presence: string }
  readonly devices: readonly DeviceRow[]
  readonly logins: readonly {
    readonly id: string
    readonly createdAt: string
    readonly lastUsedAt: string
    readonly device?: string
  }[]
  readonly calls: readonly CallRow[]
  readonly limits: readonly {
    readonly name: string
    readonly used: number
    readonly of: number
    readonly resetsAt: string | null
  }[]
  readonly contacts: number
  readonly blocked: number
}

export interface DeviceRow {
  readonly id: string
  readonly name: string | null
  readonly connectedAt: string | null
  readonly node: string | null
  readonly address?: string
  readonly lastSeenAt: string | null
}

export interface PartyView {
  readonly userId: string | null
  readonly number: string | null
  readonly name: string | null
}

export interface CallRow {
  readonly id: string
  readonly state: string
  readonly startedAt: string
  readonly answeredAt: string | null
  readonly endedAt: string | null
  readonly durationSeconds: number | null
  readonly cause: string | null
  readonly video: boolean
  readonly from: PartyView
  readonly to: PartyView
  readonly node: string | null
}

/** `GET /api/calls/live` */
export interface LiveCallsView {
  readonly calls: readonly CallRow[]
}

/** `GET /api/calls?user=&state=&cause=&from=&to=&cursor=` */
export interface CallsView {
  readonly calls: readonly CallRow[]
  readonly next: string | null
}

type Candidates = Readonly<Record<'host' | 'srflx' | 'prflx' | 'relay', number>>

/** `GET /api/calls/:id` */
export interface CallView {
  readonly call: CallRow
  readonly trace: readonly {
    readonly seq: number
    readonly at: string
    readonly kind: string
    readonly device: string | null
    readonly detail: Readonly<Record<string, string | number | boolean | null>>
  }[]
  readonly devices: readonly {
    readonly device: string
    readonly gotRingAt: string | null
    readonly acknowledgedAt: string | null
    readonly answer: string | null
  }[]
  readonly candidates: { readonly from: Candidates; readonly to: Candidates }
  readonly way: 'relayed' | 'direct' | 'unknown'
  readonly verdict: { readonly code: string } & Readonly<Record<string, string | number | boolean | null>>
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
