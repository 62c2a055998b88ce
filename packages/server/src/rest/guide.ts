import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isServed } from '../http/static-file.js'
import type { RestApp } from './deps.js'
import { staticRoute } from './static-route.js'

/** VitePress builds the site for this place: docs/.vitepress/base.mjs. */
const prefix = '/docs/guide'
const hidden = { schema: { hide: true } } as const

/** The style that VueUse sets while day becomes night, by its text; a release with another one fails the test of the site. */
const noTransitions = "'sha256-skqujXORqzxt1aE0NNXxujEanPTX6raoqSscTV/Ww/Y='"

/**
 * Scripts are files of ours, and the two lines that VitePress has in every page, by what is in them (CSP level 3, section
 * 8.4); colours of code are attributes. Nothing comes from elsewhere.
 */
const contentSecurityPolicy = (page: string) =>
  [
    "default-src 'none'",
    `script-src 'self' ${inlineScripts(page).join(' ')}`.trim(),
    `style-src 'self' ${noTransitions}`,
    "style-src-attr 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const inlineScripts = (page: string) =>
  [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^<]*)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )

/** The documents as a site, beside `/docs`. Its files are known when the server starts. */
export function guideRoutes(app: RestApp, site: string) {
  const policy = contentSecurityPolicy(readFileSync(join(site, 'index.html'), 'utf8'))
  const names = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter(isServed)
  for (const name of names) {
    const { answer } = staticRoute(join(site, name))
    const isPage = name.endsWith('.html')
    const handler = (request: FastifyRequest, reply: FastifyReply) => {
      if (isPage) reply.header('content-security-policy', policy)
      return answer(request, reply)
    }
    const path = name.split(sep).join('/')
    app.get(`${prefix}/${path === 'index.html' ? '' : path}`, { ...hidden, handler })
  }
  app.get(prefix, { ...hidden, handler: async (_request, reply) => reply.redirect(`${prefix}/`, 308) })
}

/** What the page at `/docs` says of the documents, whether they were built or not. */
export const guideNote = (site: string | undefined) =>
  site === undefined
    ? '<p class="guide">Guides and reference: the folder <code>docs</code> of Switchboard. <code>npm run docs:build</code> puts them here.</p>'
    : `<p class="guide"><a href="${prefix}/">Guides and reference</a></p>`
