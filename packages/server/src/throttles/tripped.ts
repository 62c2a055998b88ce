import { limits } from '../limits.js'
import { type Count, createMeter, type Meter } from '../meter.js'
import type { Limit } from './refuse.js'

const rates = Object.keys(limits.rates) as Limit[]

/** Limits that are no rates and yet are broken by clients. Their names are those of `limits.ts`, as of all. */
const others = [
  'candidatesPerSide',
  'connectWithinMs',
  'devicesPerUser',
  'frameBytes',
  'framesBehindConnect',
  'hashingQueue',
  'pongWithinMs',
  'stalledMs',
  'unsentBytes',
] as const satisfies readonly (keyof typeof limits)[]

export type Tripped = Readonly<Record<Limit | (typeof others)[number], Count>>

/** How often each limit said no. */
export const createTripped = (meter: Meter = createMeter()): Tripped =>
  meter.countBy(
    'switchboard_limits_tripped_total',
    'How often a limit said no, by its name in limits.ts',
    'limit',
    [...rates, ...others],
  )
