import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../product.js'
import type { RequestInput } from './requests.js'
import type { Step } from './steps.js'

/** An input that once made a fault, kept so that it never does again. */
export type Case = { readonly name: string; readonly was: string } & (
  | { readonly request: RequestInput }
  | { readonly steps: readonly Step[] }
)

const directory = join(root, 'e2e', 'src', 'fuzz', 'cases')

export async function readCases(): Promise<Case[]> {
  const names = (await readdir(directory)).filter(name => name.endsWith('.json')).sort()
  return Promise.all(
    names.map(async name => ({
      ...(JSON.parse(await readFile(join(directory, name), 'utf8')) as Case),
      name,
    })),
  )
}
