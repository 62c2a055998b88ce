import { lstat } from 'node:fs/promises'
import { chooseAccount } from './account.js'
import { clusterIn, give, isInitialised } from './cluster.js'
import { initialise } from './initialise.js'
import type { Installation } from './installation.js'
import { nativePrograms } from './native.js'

/** Everything that must be in place before PostgreSQL can start on a directory; at the first start it is made. */
export async function prepare(dataDir: string): Promise<Installation> {
  const native = await nativePrograms()
  const cluster = await clusterIn(dataDir)
  const account = await chooseAccount(cluster.root, native)
  const installation = { cluster, native, account }
  if (!(await isInitialised(cluster))) await initialise(installation)
  // A backup that root restored.
  const { owner } = account
  for (const directory of [cluster.data, cluster.root]) {
    if (owner && (await lstat(directory)).uid !== owner.uid) await give(account, cluster.root)
  }
  return installation
}
