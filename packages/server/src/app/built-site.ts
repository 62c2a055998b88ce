import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const directories = { phone: 'site', panel: 'panel-site', guide: 'docs-site' } as const

/** Where the pages were built to; undefined when they were not, or when the server was installed without them. */
export function builtSite(name: keyof typeof directories): string | undefined {
  const { resolve } = createRequire(import.meta.url)
  try {
    const site = join(dirname(resolve('@switchboard/web/package.json')), 'dist', directories[name])
    return existsSync(join(site, 'index.html')) ? site : undefined
  } catch {
    return undefined
  }
}
