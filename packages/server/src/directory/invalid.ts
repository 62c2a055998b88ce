import { Refusal } from '../refusal.js'

/** Refuses one field. The message never repeats what was sent. */
export const invalid = (path: string, message: string) =>
  new Refusal('invalid_request', undefined, { faults: [{ path, message }] })
