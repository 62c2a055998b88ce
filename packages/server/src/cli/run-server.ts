import { styleText } from 'node:util'
import type { App } from '../app.js'
import { type Clock, systemTimers } from '../clock.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { longestLag } from './pm2/event-loop-lag.js'
import { reportMetrics } from './pm2/report-metrics.js'
import { explain } from './text.js'
import type { World } from './world.js'

export interface ServerRun extends Pick<World, 'terminal' | 'process'> {
  readonly start: (onLost: (reason: Error) => void) => Promise<App>
  readonly log: Logger
  readonly rateLimits: boolean
  readonly clock: Clock
  /** PM2 runs it, and shows its metrics. */
  readonly underPm2: boolean
}

/** Starts, says so in one line, and closes once when told to; resolves when all is released. */
export async function runServer(run: ServerRun): Promise<ExitCode> {
  const { start, log, process } = run
  const fail = (error: unknown) => {
    loudly(run, 'fatal', explain(error), { err: error })
    process.exit(exitCodes.failure)
  }
  process.onFault(fail)
  const stopRequested = listenForStop(run)
  if (!run.rateLimits) {
    loudly(run, 'warn', 'RATE_LIMITS=off: passwords and codes can be guessed at will; for load tests only')
  }
  const app = await start(fail)
  announce(run, app.addresses)
  if (app.firstAdministrator !== undefined) welcome(run, app.firstAdministrator)
  process.tell('ready') // PM2's `wait_ready`
  const stopReporting = run.underPm2 ? report(run, app) : undefined
  const signal = await stopRequested
  log.info({ signal }, 'stopping')
  await app.close()
  stopReporting?.()
  log.info('stopped')
  return exitCodes.ok
}

/** Resolves at the first signal. The next one means "now", but for the echo of the first. */
function listenForStop(run: ServerRun): Promise<string> {
  const { process, clock } = run
  let first: number | undefined
  return new Promise(resolve => {
    process.onStop(signal => {
      if (first === undefined) {
        first = clock.monotonic()
        resolve(signal)
        setTimeout(() => {
          loudly(run, 'fatal', 'it takes too long to stop: leaving at once')
          process.exit(exitCodes.failure)
        }, limits.shutdownMs).unref()
      } else if (clock.monotonic() - first >= limits.signalEchoMs) {
        process.exit(exitCodes.failure)
      }
    })
  })
}

/** One line on standard output, whatever the log level: who starts us waits for it (contract section 5). */
function announce({ log, terminal, clock }: ServerRun, addresses: App['addresses']): void {
  if (log.isLevelEnabled('info')) log.info(addresses, 'ready')
  else terminal.out(JSON.stringify({ level: 'info', time: clock.wall(), ...addresses, msg: 'ready' }))
}

/** The link is a secret: it is shown to a person, and never logged. */
function welcome({ log, terminal }: ServerRun, link: string): void {
  if (!terminal.isTerminal) {
    log.info('the panel has no administrator yet: make one by "switchboard admin create"')
    return
  }
  const minutes = limits.firstAdministratorMs / 60_000
  terminal.out('')
  terminal.out('  The panel has no administrator yet. Make the first one here:')
  terminal.out(`  ${terminal.colour ? styleText('bold', link, { validateStream: false }) : link}`)
  terminal.out(`  The link is good once, for ${minutes} minutes. Or: switchboard admin create`)
  terminal.out('')
}

function report({ process: { tell }, clock }: ServerRun, { counts }: App): () => void {
  const lag = longestLag(clock, systemTimers)
  const stop = reportMetrics({ tell, counts, longestLag: lag.longest, timers: systemTimers })
  return () => {
    lag.stop()
    stop()
  }
}

/** In the log, or on standard error where the log level would hide it. */
function loudly(
  { log, terminal }: ServerRun,
  level: 'warn' | 'fatal',
  message: string,
  details: object = {},
): void {
  if (log.isLevelEnabled(level)) log[level](details, message)
  else terminal.err(`switchboard: ${message}`)
}
