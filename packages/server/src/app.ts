import type { Config } from './config.js'
import type { Logger } from './log.js'

/** A running server. */
export interface App {
  /** Addresses listened on, with the ports that the system chose for port 0. */
  readonly addresses: { readonly api: string | undefined; readonly signal: string | undefined }
  /** Stops accepting, tells the clients to come back, finishes what is under way; resolves when all is released. */
  close(): Promise<void>
}

/** Composition root: starts what the configuration asks for, or throws one clear error and leaves nothing behind. */
export async function startApp(_config: Config, _log: Logger): Promise<App> {
  throw new Error('not composed yet')
}
