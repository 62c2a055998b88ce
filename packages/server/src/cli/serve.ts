import { systemClock } from '../clock.js'
import { loadConfig } from '../config.js'
import { createLogger } from '../log.js'
import type { ExitCode } from './exit-codes.js'
import { readPm2, refuseStrangers } from './pm2/pm2.js'
import { runServer } from './run-server.js'
import type { World } from './world.js'

/** The server, until it is told to stop. */
export async function serve(world: World): Promise<ExitCode> {
  const config = loadConfig(world.env, world.readFile)
  const pm2 = readPm2(world.env)
  if (pm2) refuseStrangers(pm2, config)
  // PM2's cluster mode takes what is written by way of process.stdout, and not what goes to the descriptor.
  const lines = pm2?.isCluster ? { write: (line: string) => world.terminal.out(line.trimEnd()) } : undefined
  const log = createLogger(config.logLevel, world.terminal.isTerminal, lines)
  // Where there is no navigator, pg makes a Response to learn whether it runs at Cloudflare's, which loads all of fetch:
  // 5 MB and 25 ms. Node 21 and later have one.
  if (!('navigator' in globalThis))
    Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Node.js/20' }, configurable: true })
  const { startApp } = await import('../app.js')
  return runServer({
    ...world,
    start: onLost => startApp(config, log, onLost),
    log,
    rateLimits: config.rateLimits,
    clock: systemClock,
    underPm2: pm2 !== undefined,
  })
}
