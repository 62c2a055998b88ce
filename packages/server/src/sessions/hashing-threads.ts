import { limits } from '../limits.js'
import { type HashingThread, type HashingWork, startHashingThread } from './hashing-thread.js'

/**
 * Threads for hashing alone, made when they are needed and ended when they are not. Node's own four are left to what
 * must be quick: tokens are verified on them, and files read. Whoever asks bounds how many work at once.
 */
export function createHashingThreads(start: () => HashingThread = startHashingThread) {
  const idle: HashingThread[] = []
  let retiring: NodeJS.Timeout | undefined

  function retireIdle() {
    clearTimeout(retiring)
    retiring = setTimeout(() => {
      for (const thread of idle.splice(0)) thread.end()
    }, limits.hashingIdleMs)
    retiring.unref()
  }

  function takeIdle(): HashingThread | undefined {
    const thread = idle.pop()
    return thread === undefined || thread.isAlive() ? thread : takeIdle()
  }

  return async function run(work: HashingWork): Promise<string | boolean> {
    const thread = takeIdle() ?? start()
    try {
      return await thread.run(work)
    } finally {
      if (thread.isAlive()) idle.push(thread)
      retireIdle()
    }
  }
}
