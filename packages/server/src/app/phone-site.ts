import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where the phone was built to; undefined when it was not, or when the server was installed without it. */
export function phoneSite(): string | undefined {
  const { resolve } = createRequire(import.meta.url)
  try {
    const site = join(dirname(resolve('@switchboard/web/package.json')), 'dist', 'site')
    return existsSync(join(site, 'index.html')) ? site : undefined
  } catch {
    return undefined
  }
}
