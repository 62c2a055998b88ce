import { timingSafeEqual } from 'node:crypto'
import type { Clock } from '../clock.js'
import { limits } from '../limits.js'
import { digestOf, newToken } from './tokens.js'

/** The link that whoever started the server is shown while there is no administrator. It lives in this process alone. */
export function createFirstLink(clock: Clock) {
  let open: { readonly digest: Buffer; readonly until: number } | undefined

  return {
    make(): string {
      const token = newToken()
      open = { digest: digestOf(token), until: clock.monotonic() + limits.firstAdministratorMs }
      return token
    },
    isGood: (token: string): boolean =>
      open !== undefined && clock.monotonic() < open.until && timingSafeEqual(digestOf(token), open.digest),
    close() {
      open = undefined
    },
  }
}
