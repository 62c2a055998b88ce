import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const dotenvx = dirname(createRequire(import.meta.url).resolve('@dotenvx/dotenvx/package.json'))

/** What the real dotenvx makes of a `.env`, and writes beside it. */
export async function encrypted(text: string): Promise<{ dotEnv: string; keys: string }> {
  const place = await mkdtemp(join(tmpdir(), 'switchboard-dotenvx-'))
  try {
    await writeFile(join(place, '.env'), text)
    const program = join(dotenvx, 'src', 'cli', 'dotenvx.js')
    const env = { PATH: process.env.PATH, HOME: place }
    await promisify(execFile)(process.execPath, [program, 'encrypt'], { cwd: place, env })
    const read = (name: string) => readFile(join(place, name), 'utf8')
    return { dotEnv: await read('.env'), keys: await read('.env.keys') }
  } finally {
    await rm(place, { recursive: true })
  }
}
