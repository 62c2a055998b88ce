import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { settings } from '../../../config/settings.js'

/** Where a clone of the product has what everybody can read; a package from npm has none of it. */
const root = fileURLToPath(new URL('../../../../../../', import.meta.url))
const places = ['.env.example', 'README.md', 'docs', 'deploy']
const texts = new Set([
  '',
  '.md',
  '.conf',
  '.cjs',
  '.example',
  '.yml',
  '.yaml',
  '.json',
  '.service',
  '.env',
  '.sh',
])

/** A text that the whole world has. */
export interface Published {
  readonly where: string
  readonly text: string
}

/** Our examples: those of the settings themselves, and what stands in the documents and files for deployment. */
export async function readPublished(directory = root): Promise<Published[]> {
  const written = Object.values(settings).map(({ example }) => example)
  const files = await Promise.all(places.map(place => below(directory, place)))
  return [...files.flat(), { where: 'the examples of the settings', text: written.join('\n') }]
}

async function below(directory: string, place: string): Promise<Published[]> {
  const path = join(directory, place)
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined)
  if (entries !== undefined) {
    const inside = await Promise.all(entries.map(({ name }) => below(directory, join(place, name))))
    return inside.flat()
  }
  if (!texts.has(extname(place))) return []
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? [] : [{ where: place, text }]
}

/** Where a secret can be read by everybody, as a word of its own. */
export function publishedIn(secret: string, published: readonly Published[]): string | undefined {
  const escaped = secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const whole = new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`)
  return published.find(({ text }) => whole.test(text))?.where
}
