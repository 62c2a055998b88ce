import { ConfigError } from '../../config/config-error.js'
import type { Config } from '../../config.js'
import type { World } from '../world.js'

/** How PM2 runs this process; it says so in the environment. */
export interface Pm2 {
  /** All processes share one port, which PM2 listens on. */
  readonly isCluster: boolean
  readonly instances: number
}

export function readPm2(env: World['env']): Pm2 | undefined {
  if (env.pm_id === undefined || env.pm_exec_path === undefined) return undefined
  return { isCluster: env.exec_mode === 'cluster_mode', instances: Number(env.instances) || 1 }
}

/**
 * Several processes are one system by NATS alone. Where they share a port, `pm2 reload` makes two even of one: the new
 * one starts before the old one goes.
 */
export function refuseStrangers({ isCluster, instances }: Pm2, { nats }: Pick<Config, 'nats'>): void {
  if (nats || (!isCluster && instances === 1)) return
  const why = isCluster
    ? 'under exec_mode "cluster" several processes share a port'
    : `there are ${instances}`
  throw new ConfigError(
    'NATS_URL',
    `must be set, and DATABASE_URL: ${why}, and calls between them need it; or run one, with exec_mode "fork"`,
  )
}
