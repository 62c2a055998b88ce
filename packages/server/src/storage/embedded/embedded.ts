import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from 'pg'
import { limits } from '../../limits.js'
import type { Logger } from '../../log.js'
import type { ServerAddress } from '../connection.js'
import { removeLeftovers } from './cluster.js'
import type { Installation } from './installation.js'
import { DirectoryInUse, isLast, tryOwn, visit } from './ownership.js'
import { isAlive, readPostmasterFile } from './postmaster-file.js'
import { prepare } from './prepare.js'
import { type Reached, reach } from './reach.js'
import { endSession } from './session.js'
import { stopPostmaster } from './stop-postmaster.js'

export interface EmbeddedOptions {
  readonly dataDir: string
  readonly log: Logger
  /** A server owns the directory alone; others, like the command line, may come in beside it. */
  readonly exclusive: boolean
  /** How long to wait for another server to be gone. */
  readonly patienceMs?: number
  /** The directory is another server's by now (ours had lost PostgreSQL for a while): stop at once. */
  readonly onLost?: (reason: Error) => void
}

export interface Embedded {
  readonly connection: ServerAddress
  /** Whether PostgreSQL was running already: a killed server left it, or a server is there beside us. */
  readonly adopted: boolean
  stop(): Promise<void>
}

/** The PostgreSQL in `dataDir`: made at the first start, found or started later, brought back when it dies. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { dataDir, log, exclusive } = options
  const installation = await prepare(dataDir)
  let held: Reached | undefined = await hold(installation, options)
  const { connection, started } = held
  const directory = installation.cluster.root
  log.info(
    { directory },
    started ? 'the embedded PostgreSQL is ready' : 'found a running embedded PostgreSQL',
  )
  let stopping = false
  let recovery: Promise<void> = Promise.resolve()
  if (exclusive) {
    await removeLeftovers(installation.cluster)
    watch(held.session)
  }

  function watch(session: Client) {
    session.once('end', () => {
      held = undefined
      if (!stopping) recovery = recover()
    })
  }

  async function recover() {
    log.warn('the embedded PostgreSQL went away')
    for (
      let delay: number = limits.postgresReviveMs;
      !stopping;
      delay = Math.min(delay * 2, limits.postgresReviveMaxMs)
    ) {
      try {
        held = await hold(installation, options)
        watch(held.session)
        log.info('the embedded PostgreSQL is back')
        return
      } catch (error) {
        const reason = error as Error
        log.error({ reason: reason.message }, 'the embedded PostgreSQL does not come back')
        if (reason instanceof DirectoryInUse) return options.onLost?.(reason)
      }
      await wait(delay)
    }
  }

  async function stop() {
    stopping = true
    await recovery
    if (!held) return
    const { session } = held
    // The lock is kept to the end: a server that starts meanwhile must not take a PostgreSQL that is going.
    if (exclusive || (await isLast(session).catch(() => false))) await stopRunning(installation)
    await endSession(session)
  }

  let stopped: Promise<void> | undefined
  return { connection, adopted: !started, stop: () => (stopped ??= stop()) }
}

/** Reaches PostgreSQL and takes the place there that we may have. */
async function hold(installation: Installation, options: EmbeddedOptions): Promise<Reached> {
  const deadline = performance.now() + limits.postgresStartMs
  let started = false
  for (;;) {
    const reached = await reach(installation)
    started ||= reached.started
    try {
      await claim(reached.session, options)
      return { ...reached, started }
    } catch (error) {
      await endSession(reached.session)
      // Any other failure is a PostgreSQL that is being stopped under us.
      if (error instanceof DirectoryInUse || performance.now() > deadline) throw error
    }
  }
}

async function claim(session: Client, options: EmbeddedOptions): Promise<void> {
  const { exclusive, dataDir, patienceMs = limits.ownershipWaitMs } = options
  if (!exclusive) return visit(session)
  const deadline = performance.now() + patienceMs
  while (!(await tryOwn(session))) {
    if (performance.now() > deadline) throw new DirectoryInUse(dataDir)
    await wait(limits.ownershipPollMs)
  }
}

async function stopRunning(installation: Installation): Promise<void> {
  const file = await readPostmasterFile(installation.cluster)
  if (file && (await isAlive(file, installation.cluster)) !== false) {
    await stopPostmaster(installation, file.pid)
  }
}
