import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { Options } from '@node-rs/argon2'
import { limits } from '../limits.js'

/** One piece of hashing, as it goes to a thread. */
export type HashingWork =
  | { readonly password: string; readonly options: Options }
  | { readonly password: string; readonly hashed: string }

/** What comes back: a hash, or whether it matches. */
export type HashingResult = { readonly result: string | boolean } | { readonly failure: string }

/** A thread that takes one piece of work at a time. */
export interface HashingThread {
  run(work: HashingWork): Promise<string | boolean>
  /** False once it has ended; it is of no use any more. */
  isAlive(): boolean
  end(): void
}

// As text, and not a file of its own: it is the same for the sources and for what is built of them. On Linux a priority
// belongs to the thread; elsewhere it would be the whole server's. A server that was started lower stays there: only root
// may raise it, and nobody asked for that.
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const { hashSync, verifySync } = require(workerData.argon2)
const { getPriority, setPriority } = require('node:os')
if (process.platform === 'linux' && getPriority() < workerData.niceness) setPriority(workerData.niceness)
parentPort.on('message', ({ password, options, hashed }) => {
  try {
    const result = hashed === undefined ? hashSync(password, options) : verifySync(hashed, password)
    parentPort.postMessage({ result })
  } catch (error) {
    parentPort.postMessage({ failure: error.message })
  }
})
`
const argon2 = createRequire(import.meta.url).resolve('@node-rs/argon2')

/** It keeps the process alive while it works, and not when it waits for work. */
export function startHashingThread(): HashingThread {
  const thread = new Worker(program, {
    eval: true,
    workerData: { argon2, niceness: limits.hashingNiceness },
    resourceLimits: { maxOldGenerationSizeMb: limits.hashingHeapMb },
  })
  thread.unref()
  let alive = true
  let settle: { done(result: string | boolean): void; failed(reason: Error): void } | undefined

  thread.on('message', (answer: HashingResult) => {
    const waiting = settle
    settle = undefined
    thread.unref()
    if ('failure' in answer) waiting?.failed(new Error(answer.failure))
    else waiting?.done(answer.result)
  })
  const died = (reason: Error) => {
    alive = false
    settle?.failed(reason)
    settle = undefined
  }
  thread.on('error', died)
  thread.on('exit', () => died(new Error('a hashing thread has ended')))

  return {
    run: work =>
      new Promise((done, failed) => {
        settle = { done, failed }
        thread.ref()
        thread.postMessage(work)
      }),
    isAlive: () => alive,
    end: () => void thread.terminate(),
  }
}
