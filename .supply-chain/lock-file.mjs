import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const readLock = root => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages

/** Whether a package that the one at `from` asks for has an entry, where npm would look for it. */
function isLocked(packages, name, from) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true
    if (at === '') return false
    if (!at.includes('node_modules/')) at = ''
    if (at === '' && packages[`node_modules/${name}`]) return true
  }
}

/**
 * What makes `npm ci` refuse a lock file, or fetch what nobody checked: a package of whatever platform that is not
 * in it, one without the hash of its contents, one that is bound to some registry's host.
 */
export function lockFaults(packages) {
  const faults = []
  for (const [where, entry] of Object.entries(packages)) {
    const {
      dependencies = {},
      optionalDependencies = {},
      devDependencies = {},
      link,
      resolved,
      integrity,
    } = entry
    const isOurs = !where.includes('node_modules/')
    for (const name of Object.keys({
      ...dependencies,
      ...optionalDependencies,
      ...(isOurs && devDependencies),
    })) {
      if (!isLocked(packages, name, where))
        faults.push(`${where || 'the root'} asks for ${name}, which is not locked`)
    }
    if (resolved?.includes('://')) faults.push(`${where} is bound to a host`)
    if (!isOurs && !link && !entry.inBundle && !integrity) faults.push(`${where} has no hash`)
  }
  return faults
}
