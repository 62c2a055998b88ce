import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../product.js'
import { type Bump, bumpOf, type Fingerprint, fingerprintOf, type RecordedWire } from './wire.js'

const json = async (...path: readonly string[]) => JSON.parse(await readFile(join(root, ...path), 'utf8'))

/** Where the recorded wire is. */
export const wireFile = join(root, 'packages', 'protocol', 'wire.json')

export interface Wire {
  readonly now: Fingerprint
  readonly version: string
  readonly recorded: RecordedWire
  readonly bump: Bump | undefined
}

/** The wire as the committed documents have it, and what was recorded of it. */
export async function readWire(): Promise<Wire> {
  const { name, version } = await json('packages', 'protocol', 'package.json')
  const directory = join(root, '.changeset')
  const names = (await readdir(directory)).filter(each => each.endsWith('.md') && each !== 'README.md')
  const changesets = await Promise.all(names.map(each => readFile(join(directory, each), 'utf8')))
  return {
    now: fingerprintOf(
      await json('docs', 'reference', 'asyncapi.json'),
      await json('docs', 'reference', 'openapi.json'),
    ),
    version,
    recorded: JSON.parse(await readFile(wireFile, 'utf8').catch(() => '{}')) as RecordedWire,
    bump: bumpOf(name, changesets),
  }
}
