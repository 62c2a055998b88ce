import { type CloseEvent, closeEvents } from '@switchboard/protocol'

/** A token that is bad or dead, or cannot be judged now: fail closed, but say to come back in the second case. */
export function refusalOf(error: unknown): CloseEvent {
  const code = (error as { code?: unknown }).code
  return code === 'invalid_token' ? closeEvents.unauthenticated : closeEvents.restarting
}
