import { readdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { isServed, staticFile } from '../http/static-file.js'

/** All of the panel is files of this origin, but for the picture of a secret, which is made for who looks. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const permissionsPolicy =
  'publickey-credentials-get=(self), publickey-credentials-create=(self), clipboard-write=(self), camera=(), microphone=(), geolocation=(), payment=(), usb=()'

const page = 'index.html'

/** The panel's files. Its pages are places in one page: whoever asks for HTML gets it, wherever in the panel that is. */
export function createPages(site: string) {
  const files = new Map(
    readdirSync(site)
      .filter(isServed)
      .map(name => [name, staticFile(join(site, name))]),
  )

  /** The file that answers a request, if one does. */
  function find({ method, headers }: IncomingMessage, path: string): string | undefined {
    if (method !== 'GET' && method !== 'HEAD') return undefined
    const name = path.slice(1)
    if (files.has(name)) return name
    return path === '/' || headers.accept?.includes('text/html') ? page : undefined
  }

  /** Whether it was for the panel's files. */
  return function answer(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
    const name = find(request, url.pathname)
    const file = name === undefined ? undefined : files.get(name)
    if (!file) return false
    const { headers } = request
    const asked = {
      ifNoneMatch: headers['if-none-match'],
      acceptEncoding: headers['accept-encoding'],
      version: url.searchParams.get('v'),
    }
    void file.answer(asked).then(
      ({ status, fields, body }) => {
        response.writeHead(status, {
          ...fields,
          ...(name === page && {
            'content-security-policy': contentSecurityPolicy,
            'permissions-policy': permissionsPolicy,
          }),
          ...(body && { 'content-length': body.length }),
        })
        response.end(request.method === 'HEAD' ? undefined : body)
      },
      () => response.writeHead(503).end(),
    )
    return true
  }
}
