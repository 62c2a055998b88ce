import type { AckDown, ErrorDown } from '@switchboard/protocol'
import { CallError, type ConnectionError } from '../errors.js'
import type { Said } from './messages.js'

interface Waiting {
  readonly message: Said & { readonly ID: string }
  readonly resolve: () => void
  readonly reject: (error: CallError | ConnectionError) => void
}

/**
 * What was said and not yet answered, in its order. The server acts once on an `ID`, so whatever a lost connection may
 * have swallowed is said again over the next one.
 */
export function createOutbox(newId: () => string) {
  let waiting: Waiting[] = []

  const take = (id: string | undefined) => {
    const found = waiting.find(each => each.message.ID === id)
    if (found) waiting = waiting.filter(each => each !== found)
    return found
  }
  return {
    get isEmpty() {
      return waiting.length === 0
    },
    messages: (): readonly Said[] => waiting.map(each => each.message),
    /** The message with its `ID`; the promise settles with the server's answer. */
    add(message: Said) {
      const withId = { ...message, ID: newId() }
      const answered = new Promise<void>((resolve, reject) => {
        waiting.push({ message: withId, resolve, reject })
      })
      return { message: withId, answered }
    },
    answer(frame: AckDown | ErrorDown) {
      const found = take(frame.ID)
      if (frame.REASON === 'ack') found?.resolve()
      else found?.reject(new CallError(frame.CODE, { message: frame.MESSAGE }))
    },
    /** Lets go of what is about calls that are over. */
    retain(isWorth: (message: Said) => boolean) {
      for (const { message, resolve } of waiting) {
        if (isWorth(message)) continue
        take(message.ID)
        resolve()
      }
    },
    fail(error: ConnectionError) {
      for (const { reject } of waiting.splice(0)) reject(error)
    },
  }
}
