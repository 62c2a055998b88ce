import { availableParallelism } from 'node:os'
import { type Algorithm, type Options, parseOptions } from '@node-rs/argon2'
import { limits } from '../limits.js'
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

export interface Hashing {
  hash(password: string): Promise<string>
  verify(hashed: string, password: string): Promise<boolean>
  /** True when the hash was made with less than we ask for today. */
  isWeak(hashed: string): boolean
}

/** Runs at most `slots` pieces of work at once; `queue` more wait, and who comes then is told to come back. */
export function createSlots(slots: number, queue: number) {
  let running = 0
  const waiting: (() => void)[] = []

  return async function run<T>(work: () => Promise<T>): Promise<T> {
    if (running < slots) running += 1
    else {
      if (waiting.length >= queue) {
        throw new Refusal('service_unavailable', undefined, { retryAfterSeconds: limits.hashingRetrySeconds })
      }
      await new Promise<void>(resolve => waiting.push(resolve)) // the one that ends hands its slot over
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}

/** Password hashes, computed on threads of their own and never more at once than the cores can take. */
export function createHashing(cores = availableParallelism()): Hashing {
  const inSlot = createSlots(cores * limits.hashingPerCore, limits.hashingQueue)
  const onThread = createHashingThreads()
  return {
    hash: async password => String(await inSlot(() => onThread({ password, options: parameters }))),
    verify: async (hashed, password) => (await inSlot(() => onThread({ password, hashed }))) === true,
    isWeak(hashed) {
      const made = parseOptions(hashed)
      return (
        made.algorithm !== parameters.algorithm ||
        made.memoryCost < parameters.memoryCost ||
        made.timeCost < parameters.timeCost
      )
    },
  }
}
