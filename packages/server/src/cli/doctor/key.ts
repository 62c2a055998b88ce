import type { Config } from '../../config.js'
import { isOpenToOthers, readKey } from '../../sessions/key-file.js'
import { explain } from '../text.js'
import { type Finding, failure, ok, warning } from './check.js'

/** The key that signs tokens: there, strong, private. */
export async function tokenKey({ tokenKeyFile: file, securityProfile }: Config): Promise<Finding[]> {
  let key: Awaited<ReturnType<typeof readKey>>
  try {
    key = await readKey(file)
  } catch (error) {
    return [failure(explain(error), `put a private key there, or move it away: the next start makes one`)]
  }
  if (key === undefined) return [ok(`${file}: not there yet, the first start makes it`)]
  const bits = key.privateKey.asymmetricKeyDetails?.modulusLength
  const findings =
    bits !== undefined && bits < 3072
      ? [warning(`${file}: RSA of ${bits} bits`, 'rotate to a stronger one: switchboard keys rotate')]
      : [ok(`${file}: ${key.alg}${bits === undefined ? '' : `, ${bits} bits`}`)]
  if (!(await isOpenToOthers(file))) return findings
  const finding = securityProfile === 'strict' ? failure : warning
  return [...findings, finding(`others may read ${file}`, `run: chmod 600 ${file}`)]
}
