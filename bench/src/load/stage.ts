import type { Fail } from './device.js'
import type { Latency } from './orders.js'

/** What a run did, before the costs are added. */
export interface Done {
  readonly operations: number
  readonly latencies: Readonly<Record<string, Latency>>
}

/** Work that is set up once and run in rounds. */
export interface Stage {
  /** Resolves when the time is over and all that was begun has ended. */
  run(ms: number, fail: Fail): Promise<Done>
  close(): void
}

export type OpenStage<W> = (work: W, fail: Fail) => Promise<Stage>
