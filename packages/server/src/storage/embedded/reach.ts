import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from 'pg'
import { limits } from '../../limits.js'
import type { ServerAddress } from '../connection.js'
import { sqlState } from '../errors.js'
import { listenAddress } from './address.js'
import { readPassword, superuser } from './cluster.js'
import type { Installation } from './installation.js'
import { PostmasterFailed, startPostmaster } from './postmaster.js'
import { forgetDead, isAlive, type PostmasterFile, readPostmasterFile } from './postmaster-file.js'
import { endSession, newSession } from './session.js'
import { stopPostmaster } from './stop-postmaster.js'

const database = 'switchboard'

/** A connection to the PostgreSQL of this directory. */
export interface Reached {
  readonly session: Client
  readonly connection: ServerAddress
  /** Whether it had to be started. */
  readonly started: boolean
}

/**
 * Connects to the PostgreSQL that runs on this directory, or starts it. Others may start or stop it at the same time,
 * and it may just be starting, stopping or dead without having said so: look, try, and look again.
 */
export async function reach(installation: Installation): Promise<Reached> {
  const { cluster } = installation
  const password = await readPassword(cluster)
  const deadline = performance.now() + limits.postgresStartMs
  let silentSince: number | undefined
  let started = false
  for (let trouble = ''; ; ) {
    const file = await readPostmasterFile(cluster)
    if (file?.host) {
      const connection = { host: file.host, port: file.port, user: superuser, password, database }
      const attempt = file.data === cluster.data ? await connect(connection) : elsewhere
      if (attempt.session) return { session: attempt.session, connection, started }
      if (attempt.hopeless) {
        if (started) await stopPostmaster(installation, file.pid)
        throw new Error(`the embedded PostgreSQL does not let us in: ${attempt.trouble}`)
      }
      trouble = attempt.trouble
      silentSince = attempt.silent && file.ready ? (silentSince ?? performance.now()) : undefined
    }
    if (performance.now() > deadline) {
      throw new Error(`the embedded PostgreSQL does not answer: ${trouble}`)
    }
    if (file && (await mayAnswer(file, installation, silentSince))) {
      await wait(limits.postgresPollMs)
      continue
    }
    try {
      const address = await listenAddress(cluster, installation.account)
      await forgetDead(cluster, address, file?.pid)
      await startPostmaster(installation, address)
      started = true
    } catch (error) {
      if (!(error instanceof PostmasterFailed)) throw error
      if (!othersAreBusy.test(error.message)) {
        throw new Error(`the embedded PostgreSQL did not start: ${error.message} (see ${cluster.log})`)
      }
      trouble = error.message
      await wait(limits.postgresPollMs)
    }
  }
}

/** Somebody was quicker, or the last processes of a killed one are still going. */
const othersAreBusy = /lock file .* (already exists|is empty)|shared memory block .* still in use/

/** Whether who wrote the file lives, though he does not answer yet or any more. */
async function mayAnswer(file: PostmasterFile, { cluster }: Installation, silentSince: number | undefined) {
  const alive = await isAlive(file, cluster)
  const silent = silentSince !== undefined && performance.now() - silentSince > limits.postgresSilentMs
  if (alive === true && silent) {
    throw new Error(
      `PostgreSQL (process ${file.pid}) runs on ${cluster.data} but does not listen there: end it`,
    )
  }
  return alive ?? !silent
}

type Attempt =
  | { readonly session: Client }
  | {
      readonly session?: undefined
      readonly trouble: string
      /** Nobody listens. */
      readonly silent?: boolean
      /** Waiting does not help: the password, the owner of the socket. */
      readonly hopeless?: boolean
    }

/** The original of a copy, or it was moved while it ran. */
const elsewhere: Attempt = { trouble: 'it was started on another directory', silent: true }

async function connect(connection: ServerAddress): Promise<Attempt> {
  const session = newSession(connection)
  try {
    await session.connect()
    return { session }
  } catch (error) {
    await endSession(session)
    const { code = '', message } = error as Error & { code?: string }
    if (sqlState(error) === '3D000') return createDatabase(connection)
    return {
      trouble: message,
      silent: code === 'ECONNREFUSED' || code === 'ENOENT',
      hopeless: code === 'EACCES' || code.startsWith('28'),
    }
  }
}

/** Once in the life of a cluster; two first starts may try it at once. */
async function createDatabase(connection: ServerAddress): Promise<Attempt> {
  const session = newSession({ ...connection, database: 'postgres' })
  try {
    await session.connect()
    await session.query(`create database ${database}`)
  } catch (error) {
    if (!['42P04', '23505'].includes(sqlState(error) ?? '')) {
      return { trouble: (error as Error).message }
    }
  } finally {
    await endSession(session)
  }
  return connect(connection)
}
