import { randomBytes } from 'node:crypto'

/** One that nobody has used, long enough for every profile. */
export const freshPassword = () => `Plover ${randomBytes(8).toString('hex')}`
