import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Product, root } from '../product.js'

/** Where it runs; `databaseUrl` if its database is not its own. */
export interface Operated extends Pick<Product, 'dir'> {
  readonly databaseUrl?: string
}

/** `switchboard …` as the operator of a running product types it. */
export async function switchboard({ dir, databaseUrl }: Operated, ...args: string[]): Promise<string> {
  const main = join(root, 'packages', 'server', 'dist', 'main.js')
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    DATA_DIR: join(dir, 'data'),
    TOKEN_KEY_FILE: join(dir, 'keys', 'tokenSecret.key'),
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
  }
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { cwd: dir, env })
  return stdout
}
