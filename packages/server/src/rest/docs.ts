import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import swaggerUi, { type FastifySwaggerUiOptions } from '@fastify/swagger-ui'
import { asyncApi } from '@switchboard/protocol/reference'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isServed } from '../http/static-file.js'
import { icon, logo } from './brand.js'
import type { RestApp } from './deps.js'
import { guideNote } from './guide.js'
import { staticRoute } from './static-route.js'

const directory = join(dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui')), 'static')
/** The files that Swagger UI is made of; its page is made by its plug-in. */
const docsFileNames = async (): Promise<readonly string[]> =>
  (await readdir(directory)).filter(name => isServed(name) && name !== 'index.html')

/** Swagger UI sets styles by script; its own scripts are files, and nothing of it comes from elsewhere. */
const contentSecurityPolicy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
}

/** `/openapi.json` and a page to read it by, and `/asyncapi.json` for the WebSocket. All of it is made or read once, however many ask. */
export function docsRoutes(app: RestApp, guide: string | undefined) {
  // Complete once the server is ready, and some 100 kB to write.
  const json = once(() => JSON.stringify(app.swagger()))
  const yaml = once(() => app.swagger({ yaml: true }))
  const sendJson = (reply: FastifyReply) => reply.type('application/json; charset=utf-8').send(json())
  app.get('/openapi.json', {
    schema: { hide: true },
    handler: async (_request, reply) => sendJson(reply),
  })
  const sockets = once(() => JSON.stringify(asyncApi()))
  app.get('/asyncapi.json', {
    schema: { hide: true },
    handler: async (_request, reply) => reply.type('application/json; charset=utf-8').send(sockets()),
  })
  app.register(async scope => {
    const files = new Map((await docsFileNames()).map(name => [name, staticRoute(join(directory, name))]))
    for (const [name, { answer }] of files)
      scope.get(`${prefix}/static/${name}`, { ...hidden, handler: answer })
    scope.addHook('onSend', async (_request, reply, page) => {
      if (typeof page !== 'string' || !String(reply.getHeader('content-type')).startsWith('text/html'))
        return page
      const tags = new Map<string, string>()
      for (const [name, { tag }] of files) if (page.includes(`/static/${name}"`)) tags.set(name, await tag())
      return page
        .replace(/<body>/, `$&${guideNote(guide)}`)
        .replace(/\/static\/([^"/]+)"/g, (link, name: string) =>
          tags.has(name) ? `/static/${name}?v=${tags.get(name)}"` : link,
        )
    })
    // The plug-in would write the document anew for each who asks.
    const preHandler = async ({ url }: FastifyRequest, reply: FastifyReply) => {
      if (url === `${prefix}/json`) return sendJson(reply)
      if (url === `${prefix}/yaml`) return reply.type('application/x-yaml').send(yaml())
    }
    scope.register(swaggerUi, { ...page, uiHooks: { preHandler } })
  })
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const prefix = '/docs'
const hidden = { schema: { hide: true } } as const

const page: FastifySwaggerUiOptions = {
  routePrefix: prefix,
  staticCSP: contentSecurityPolicy,
  logo: { type: 'image/svg+xml', content: Buffer.from(logo), href: prefix, target: '_self' },
  theme: {
    title: 'Switchboard API',
    favicon: [
      {
        filename: 'icon.svg',
        rel: 'icon',
        type: 'image/svg+xml',
        sizes: 'any',
        content: Buffer.from(icon),
      },
    ],
    // One document is served here: there is no other to explore.
    css: [
      {
        filename: 'theme.css',
        content:
          '.swagger-ui .topbar .download-url-wrapper { visibility: hidden }' +
          '.guide { margin: 0; padding: 10px 20px; background: #12343f; color: #fff; font: 14px system-ui, sans-serif }' +
          '.guide a { color: #7cc4dc }',
      },
    ],
  },
  uiConfig: { deepLinking: true, tryItOutEnabled: false },
}
