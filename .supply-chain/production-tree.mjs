import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../', import.meta.url))
const product = join(root, 'packages', 'server')

const read = directory => JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))

/** Where Node finds a package that one in `from` asks for; undefined when it is not installed. */
function find(name, from) {
  for (let at = from; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate)
    if (at === dirname(at)) return undefined
  }
}

/**
 * Every package that the product runs with, as it is installed: from the server along what each asks for. Those that
 * are optional, and peers that nobody installed, may be missing.
 */
export function productionTree() {
  const found = new Map()
  const walk = directory => {
    if (found.has(directory)) return
    const manifest = read(directory)
    found.set(directory, manifest)
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const where = find(name, directory)
      if (where) walk(where)
      else if (name in dependencies && !(name in optionalDependencies)) {
        throw new Error(`${manifest.name} needs ${name}, which is not installed`)
      }
    }
  }
  walk(product)
  return [...found.values()]
}
