import type { Account } from './account.js'
import type { Cluster } from './cluster.js'
import type { NativePrograms } from './native.js'

/** What starting and stopping needs. */
export interface Installation {
  readonly cluster: Cluster
  readonly native: NativePrograms
  readonly account: Account
}
