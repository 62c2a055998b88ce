import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './pages.mjs'

const name = 'virtual:tokens.css'

/** The colours of the phone and the panel, by the class that VitePress sets at night. */
function tokens() {
  const css = readFileSync(join(root, 'packages/web/src/styles/tokens.css'), 'utf8')
  const [day, night] = [/^:root \{[^}]+\}/m, /^:root\[data-theme="dark"\] \{[^}]+\}/m].map(
    each => css.match(each)?.[0],
  )
  if (!day || !night) throw new Error('tokens.css has another form: mend docs/.vitepress/tokens.mjs')
  return `${day}\n${night.replace('[data-theme="dark"]', '.dark')}`
}

/** A plug-in of Vite, which VitePress builds with. */
export const tokensPlugin = {
  name: 'tokens',
  resolveId: id => (id === name ? `\0${name}` : undefined),
  load: id => (id === `\0${name}` ? tokens() : undefined),
}
