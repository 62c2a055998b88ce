import helmet from '@fastify/helmet'
import { fastify } from 'fastify'

/** What is so of one answer alone: Node writes these. */
const ofOneAnswer = new Set(['connection', 'content-length', 'content-type', 'date', 'keep-alive'])

/**
 * The headers of helmet for every answer. They are the same for all, but the plug-in works them out anew for each: so it
 * is asked once.
 */
export async function fixedHeaders(): Promise<readonly (readonly [string, string])[]> {
  const app = fastify({ logger: false })
  app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    frameguard: { action: 'deny' },
    strictTransportSecurity: false, // the server's, for it knows what is encrypted
  })
  app.get('/', async () => '')
  try {
    const { headers } = await app.inject('/')
    return Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !ofOneAnswer.has(name) ? [[name, value] as const] : [],
    )
  } finally {
    await app.close()
  }
}
