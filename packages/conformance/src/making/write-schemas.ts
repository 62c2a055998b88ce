// Writes schemas/ anew: npm run conformance:schemas
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { schemaFiles } from './schemas.js'

const directory = new URL('../../schemas/', import.meta.url)
rmSync(directory, { recursive: true, force: true })
for (const [path, text] of schemaFiles()) {
  const file = fileURLToPath(new URL(path, directory))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
