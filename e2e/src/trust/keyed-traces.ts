import { createHmac, createPrivateKey, hkdfSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Product } from '../product.js'

/**
 * What limits keep of somebody, as a dump shows it: keyed hashes, which only a holder of the server's token key can
 * make. Looked at with the key that the server has now.
 */
export async function keyedTraces(
  { dir }: Pick<Product, 'dir'>,
  { id, email }: { readonly id: string; readonly email: string },
): Promise<readonly string[]> {
  const key = createPrivateKey(await readFile(join(dir, 'keys', 'tokenSecret.key'), 'utf8'))
  const seed = key.export({ type: 'pkcs8', format: 'der' })
  const secret = Buffer.from(hkdfSync('sha256', seed, '', 'switchboard throttles', 32))
  const ofEmail = ['login', 'resetMails', 'resetCodes'].map(purpose => [purpose, email.toLowerCase()])
  const ofUser = ['lookups', 'turnCredentials'].map(purpose => [purpose, id])
  return [...ofEmail, ...ofUser].map(what =>
    createHmac('sha256', secret).update(JSON.stringify(what)).digest('hex'),
  )
}
