import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { limits } from '../../limits.js'
import { clientConfig, type ServerAddress } from '../connection.js'

/** A connection of its own beside the pool. When it dies it says so by its `end`. */
export function newSession(connection: ServerAddress): Client {
  const session = new Client({ ...clientConfig(connection), query_timeout: limits.databaseAnswerMs })
  session.on('error', () => {})
  return session
}

/** Says goodbye; who does not answer any more is not waited for. */
export async function endSession(session: Client): Promise<void> {
  const tooLong = wait(limits.databaseConnectMs, undefined, { ref: false })
  await Promise.race([session.end(), tooLong]).catch(() => {})
}
