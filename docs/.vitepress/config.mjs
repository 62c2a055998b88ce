import { copyFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { defineConfig } from 'vitepress'
import { base } from './base.mjs'
import { navigation, onSite, pages, root } from './pages.mjs'
import { tokensPlugin } from './tokens.mjs'

/** Addresses, and paths from the top of the site. */
const isElsewhere = href => /^([a-z]+:|#|\/)/.test(href)

/**
 * Links are written for readers of the repository. Those to a page lead to it here as well; those to other files of the
 * repository have no place on the site, and are text.
 */
function links(markdown) {
  markdown.core.ruler.push('repository-links', state => {
    const from = posix.relative(root, state.env.realPath ?? state.env.path)
    for (const { children } of state.tokens) {
      const open = []
      for (const token of children ?? []) {
        if (token.type === 'link_close' && open.pop()) token.tag = 'span'
        if (token.type !== 'link_open') continue
        const href = token.attrGet('href')
        const target = isElsewhere(href) ? href : onSite(from, href)
        open.push(target === undefined)
        if (target !== undefined) token.attrSet('href', target)
        else {
          token.type = 'text_link_open'
          token.tag = 'span'
          token.attrs = [['title', `In the repository: ${posix.join(posix.dirname(from), href)}`]]
        }
      }
    }
  })
}

/** An indented block is a block like the others; the empty corner of a table heads nothing. */
function tidyBlocks(markdown) {
  markdown.core.ruler.push('tidy-blocks', ({ tokens }) => {
    for (const [at, token] of tokens.entries()) {
      if (token.type === 'code_block') Object.assign(token, { type: 'fence', info: '', markup: '```' })
      if (token.type === 'th_open' && tokens[at + 1].content === '') token.tag = tokens[at + 2].tag = 'td'
    }
  })
}

/** Markdown of the repository that is no page. */
const others = [
  'README.md',
  '{bench,data,deploy,e2e,keys,reports}/**',
  'packages/!(client)/**',
  'packages/client/*/**',
]

export default defineConfig({
  title: 'Switchboard',
  description: 'A self-hosted calling backend: accounts, contacts, and calls over WebRTC.',
  lang: 'en',
  ignoreDeadLinks: 'localhostLinks',
  base,
  srcDir: root,
  srcExclude: others,
  rewrites: Object.fromEntries(pages()),
  cacheDir: posix.join(root, 'node_modules/.cache/vitepress'),
  // Not into every page: what is inline has to be named in the policy by its hash.
  metaChunk: true,
  transformHead: ({ siteConfig }) => [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${siteConfig.site.base}icon.svg` }],
  ],
  buildEnd: ({ outDir }) => copyFile(join(root, 'packages/web/src/site/icon.svg'), join(outDir, 'icon.svg')),
  vite: { plugins: [tokensPlugin] },
  markdown: {
    config: markdown => {
      links(markdown)
      tidyBlocks(markdown)
    },
    // Anchors as GitHub makes them.
    anchor: {
      slugify: text =>
        text
          .trim()
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
          .replaceAll(' ', '-'),
    },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    search: { provider: 'local' },
    sidebar: navigation(),
    outline: [2, 3],
  },
})
