import { readdir } from 'node:fs/promises'
import { register } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '@switchboard/e2e/product'

/** Every statement of the server's storage, by name, found by loading each of its modules. */
export async function statements(): Promise<ReadonlyMap<string, string>> {
  register(new URL('../../dist/seed/statement-hook.js', import.meta.url))
  const storage = join(root, 'packages', 'server', 'dist', 'storage')
  for (const name of await readdir(storage)) {
    if (!name.endsWith('.js') || /[.]test[.]js$|^testing/.test(name)) continue
    await import(pathToFileURL(join(storage, name)).href)
  }
  const { benchStatements } = globalThis as { benchStatements?: Map<string, string> }
  return benchStatements ?? new Map()
}
