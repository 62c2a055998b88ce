import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { root } from '../product.js'

export const fileAt = (path: string) => readFile(join(root, path), 'utf8')

export const yamlAt = async <T>(path: string) => parse(await fileAt(path), { merge: true }) as T

export const run = promisify(execFile)

export interface Service {
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly (string | { readonly source: string })[]
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
  readonly networks?: unknown
  readonly image?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly stop_grace_period?: string
}

export interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>
  readonly volumes?: Readonly<Record<string, unknown>>
}

/** The variables that the product knows, by what it ships as their description. */
export async function knownVariables(): Promise<ReadonlySet<string>> {
  const names = [...(await fileAt('.env.example')).matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => `${name}`)
  return new Set([...names, ...names.map(name => `${name}_FILE`)])
}
