import swaggerUi from '@fastify/swagger-ui'
import { icon, logo } from './brand.js'
import type { RestApp } from './deps.js'

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

/** `/openapi.json` and a page to read it by. */
export function docsRoutes(app: RestApp) {
  let document: string | undefined // complete once the server is ready, and some 100 kB to write
  app.get('/openapi.json', {
    schema: { hide: true },
    handler: async (_request, reply) => {
      document ??= JSON.stringify(app.swagger())
      return reply.type('application/json; charset=utf-8').send(document)
    },
  })
  app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: contentSecurityPolicy,
    logo: { type: 'image/svg+xml', content: Buffer.from(logo), href: '/docs', target: '_self' },
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
          content: '.swagger-ui .topbar .download-url-wrapper { visibility: hidden }',
        },
      ],
    },
    uiConfig: { deepLinking: true, tryItOutEnabled: false },
  })
}
