import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { AdminRefusal } from '../administrators/admin-refusal.js'
import { Refusal } from '../refusal.js'

export interface HereDeps {
  readonly adminHost: string
  /** Where the panel is reached when it is not by the address that it listens on. */
  readonly adminOrigin: string | undefined
}

/**
 * Whether a request is for this panel and, where it does something, from it. A name that is none of ours is somebody
 * else's that was made to lead here (DNS rebinding); an address leads where it says.
 */
export function createFromHere({ adminHost, adminOrigin }: HereDeps) {
  const ownHost = adminOrigin === undefined ? undefined : new URL(adminOrigin).host
  const names = new Set(['localhost', adminHost.toLowerCase()])

  function isOurs(host: string): boolean {
    if (host === ownHost) return true
    const name = host.replace(/:\d+$/, '')
    return names.has(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0
  }

  return {
    /** Refuses a host that is not ours. */
    host({ host }: IncomingHttpHeaders) {
      if (host === undefined || !isOurs(host.toLowerCase())) {
        throw new Refusal('origin_refused', 'The panel is not reached by this name: see ADMIN_ORIGIN')
      }
    },

    /** The page's origin; refuses what no page of ours sent. Browsers tell where a request is from, and pages cannot lie. */
    origin(headers: IncomingHttpHeaders): string {
      const { origin, host = '', 'sec-fetch-site': site } = headers
      const refused = new AdminRefusal('csrf_refused')
      if (site !== undefined && site !== 'same-origin') throw refused
      if (origin === undefined) {
        if (site === undefined) throw refused
        return adminOrigin ?? `http://${host}`
      }
      if (origin === adminOrigin) return origin
      const url = URL.canParse(origin) ? new URL(origin) : undefined
      if (url?.host !== host.toLowerCase() || url.origin !== origin) throw refused
      return origin
    },
  }
}
