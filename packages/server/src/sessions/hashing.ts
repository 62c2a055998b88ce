import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import type { Algorithm, Options } from '@node-rs/argon2'
import { limits } from '../limits.js'
import { Count, createMeter, type Meter, type Spread, serviceBounds } from '../meter.js'
import { Refusal } from '../refusal.js'
import { createHashingThreads } from './hashing-threads.js'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const parameters = {
  algorithm: 2 satisfies Algorithm.Argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
} as const satisfies Options

/** What is verified when there is nobody to verify: costs what a real hash costs, and nothing matches it. */
export const dummyHash =
  '$argon2id$v=19$m=19456,t=2,p=1$c3dpdGNoYm9hcmQtbm9ibw$xs1jFSgiYx1A6VjGSHoT7eLyJpAW+6i0QqXyHh9BVgw'

/** Hashing is done on threads, which load it for themselves; here it is not needed before somebody has logged in. */
const load = createRequire(import.meta.url)
const argon2 = () => load('@node-rs/argon2') as typeof import('@node-rs/argon2')

export interface Hashing {
  hash(password: string): Promise<string>
  verify(hashed: string, password: string): Promise<boolean>
  /** True when the hash was made with less than we ask for today. */
  isWeak(hashed: string): boolean
}

export interface SlotMeasures {
  /** Who was told to come back. */
  readonly refused: Count
  /** How long work waited for its slot, in seconds. */
  readonly waited: Pick<Spread, 'observe'>
  readonly took: Pick<Spread, 'observe'>
}

const unmeasured: SlotMeasures = {
  refused: new Count(),
  waited: { observe: () => undefined },
  took: { observe: () => undefined },
}

/** Runs at most `slots` pieces of work at once; `queue` more wait, and who comes then is told to come back. */
export function createSlots(slots: number, queue: number, measures = unmeasured) {
  let running = 0
  const waiting: (() => void)[] = []

  async function run<T>(work: () => Promise<T>): Promise<T> {
    const asked = performance.now()
    if (running < slots) running += 1
    else {
      if (waiting.length >= queue) {
        measures.refused.add()
        throw new Refusal('service_unavailable', undefined, { retryAfterSeconds: limits.hashingRetrySeconds })
      }
      await new Promise<void>(resolve => waiting.push(resolve)) // the one that ends hands its slot over
    }
    const begun = performance.now()
    measures.waited.observe((begun - asked) / 1000)
    try {
      return await work()
    } finally {
      measures.took.observe((performance.now() - begun) / 1000)
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
  return Object.assign(run, { running: () => running, waiting: () => waiting.length })
}

export interface HashingDeps {
  readonly cores?: number
  readonly meter?: Meter
  readonly tripped?: { readonly hashingQueue: Count }
}

/** Password hashes, computed on threads of their own and never more at once than the cores can take. */
export function createHashing({
  cores = availableParallelism(),
  meter = createMeter(),
  tripped,
}: HashingDeps = {}): Hashing {
  const inSlot = createSlots(cores * limits.hashingPerCore, limits.hashingQueue, {
    refused: tripped?.hashingQueue ?? new Count(),
    waited: meter.spread(
      'switchboard_hashing_wait_seconds',
      'How long passwords waited for their turn to be hashed',
      serviceBounds,
    ),
    took: meter.spread('switchboard_hashing_seconds', 'How long hashing a password took', serviceBounds),
  })
  meter.gauge('switchboard_hashing_running', 'Passwords that are hashed right now', inSlot.running)
  meter.gauge('switchboard_hashing_waiting', 'Passwords that wait to be hashed', inSlot.waiting)
  const onThread = createHashingThreads()
  return {
    hash: async password => String(await inSlot(() => onThread({ password, options: parameters }))),
    verify: async (hashed, password) => (await inSlot(() => onThread({ password, hashed }))) === true,
    isWeak(hashed) {
      const made = argon2().parseOptions(hashed)
      return (
        made.algorithm !== parameters.algorithm ||
        made.memoryCost < parameters.memoryCost ||
        made.timeCost < parameters.timeCost
      )
    },
  }
}
