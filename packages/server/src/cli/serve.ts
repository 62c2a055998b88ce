import { systemClock } from '../clock.js'
import { loadConfig } from '../config.js'
import { createLogger } from '../log.js'
import type { ExitCode } from './exit-codes.js'
import { runServer } from './run-server.js'
import type { World } from './world.js'

/** The server, until it is told to stop. */
export async function serve(world: World): Promise<ExitCode> {
  const config = loadConfig(world.env, world.readFile)
  const log = createLogger(config.logLevel, world.terminal.isTerminal)
  const { startApp } = await import('../app.js')
  return runServer({
    ...world,
    start: onLost => startApp(config, log, onLost),
    log,
    rateLimits: config.rateLimits,
    clock: systemClock,
  })
}
