import type { LoadHost } from '../load-host.js'
import type { Effort, Measured } from '../measure/rounds.js'
import type { Summary } from '../measure/statistics.js'
import type { relays } from '../systems/relays.js'
import type { Switchboard } from '../systems/switchboard.js'
import type { System } from '../systems/system.js'

/** What all scenarios use: the load, systems that run for several of them, and how long they may take. */
export interface Bench {
  readonly load: LoadHost
  readonly effort: Effort
  /** The long run. */
  readonly full: boolean
  switchboard(): Promise<Switchboard>
  relay(name: keyof typeof relays): Promise<System>
  /** Ends with the bench. */
  owns<T extends { stop(): Promise<void> }>(system: T): T
}

/** A measured figure beside the most that it may be. */
export interface Verdict {
  readonly what: string
  readonly against: string
  readonly measured: Summary
  readonly most: number
  readonly unit: '×' | 'KiB' | 'ms' | 'MiB'
}

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface Result {
  readonly name: string
  readonly title: string
  readonly table: Table
  readonly verdicts: readonly Verdict[]
  /** What a reader must know to read the figures. */
  readonly notes: readonly string[]
  /** CPU microseconds an operation, for the chart. */
  readonly bars: readonly { readonly name: string; readonly value: number }[]
  readonly measured: readonly Measured[]
}

export interface Scenario {
  readonly name: string
  readonly title: string
  run(bench: Bench): Promise<Result>
}
