import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Product, root } from '../product.js'

/** `switchboard …` as the operator of a running product types it. */
export async function switchboard({ dir }: Pick<Product, 'dir'>, ...args: string[]): Promise<string> {
  const main = join(root, 'packages', 'server', 'dist', 'main.js')
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    DATA_DIR: join(dir, 'data'),
    TOKEN_KEY_FILE: join(dir, 'keys', 'tokenSecret.key'),
  }
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { cwd: dir, env })
  return stdout
}
