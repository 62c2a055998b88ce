import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isServed } from '../http/static-file.js'
import type { RestApp } from './deps.js'
import { staticRoute } from './static-route.js'

/**
 * All of the phone is files of this origin; nothing is inline, and no text becomes code. `'self'` covers its socket too
 * (CSP level 3, section 6.7.2.8).
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types switchboard',
].join('; ')

/** What a phone needs of the browser, for this page alone. */
const permissionsPolicy =
  'camera=(self), microphone=(self), speaker-selection=(self), fullscreen=(self), geolocation=(), payment=(), usb=()'

const page = 'index.html'
/** What acts under a policy of its own; a worker asks for files as a page does. */
const actors = new Set([page, 'service-worker.js'])

/** The phone at `/`, beside the routes of the API. Its files are known when the server starts. */
export function phoneRoutes(app: RestApp, site: string) {
  for (const name of readdirSync(site).filter(isServed)) {
    const { answer } = staticRoute(join(site, name))
    const handler = (request: FastifyRequest, reply: FastifyReply) => {
      if (actors.has(name))
        reply
          .header('content-security-policy', contentSecurityPolicy)
          .header('permissions-policy', permissionsPolicy)
      return answer(request, reply)
    }
    app.get(name === page ? '/' : `/${name}`, { schema: { hide: true }, handler })
  }
}
