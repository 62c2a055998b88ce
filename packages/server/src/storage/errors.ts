import { DatabaseError } from 'pg'

/** The database is away, too busy or too slow: the same request may work a moment later. REST answers 503. */
export class DatabaseUnavailable extends Error {
  /** The connection broke under the statement: whether it was done is unknown. */
  readonly connectionLost: boolean

  constructor(message: string, options: { cause: unknown; connectionLost?: boolean }) {
    super(message, { cause: options.cause })
    this.name = 'DatabaseUnavailable'
    this.connectionLost = options.connectionLost ?? false
  }
}

/** No connection could be made: why, in a few words. */
export function noConnection(cause: unknown): DatabaseUnavailable {
  const { message, code } = cause as Error & { code?: string }
  const advice = /unsupported startup parameter/.test(message)
    ? ' (behind PgBouncer: add pgbouncer=true to DATABASE_URL, see docs/databases.md)'
    : ''
  return new DatabaseUnavailable(`no connection to the database: ${message || code}${advice}`, { cause })
}

/** Whether a statement failed because of this unique constraint (its name in the schema). */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return error instanceof DatabaseError && error.code === '23505' && error.constraint === constraint
}

/** The five characters that PostgreSQL names an error with, if the error is one of its own. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined
}

/** The transaction left nothing behind and may be run again: serialization failure, deadlock. */
export function isSerializationFailure(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40001' || state === '40P01'
}

/**
 * The prepared statement is not (or no longer) what this connection prepared: the schema changed under it, or a proxy
 * changed the session under us. Nothing ran; another connection prepares it anew.
 */
export function isStalePlan(error: unknown): boolean {
  const state = sqlState(error)
  return (
    state === '26000' ||
    (state === '0A000' && error instanceof DatabaseError && error.routine === 'RevalidateCachedQuery')
  )
}

/** Such a connection is of no more use, though its socket may be open. */
export function spoilsConnection(error: unknown): boolean {
  return isStalePlan(error) || demotesServer(error) || connectionEnded.has(sqlState(error) ?? '')
}

/**
 * What this connection met its server's other connections will meet as well: it is a standby now and another one the
 * primary, or it says nothing at all, not even that the time for a statement is over.
 */
export const demotesServer = (error: unknown) => isReadOnlyServer(error) || isAnswerTimeout(error)

/** The statement had no more time, as it was told (statement_timeout), or somebody cancelled it. */
export const wasCutShort = (error: unknown) =>
  sqlState(error instanceof DatabaseUnavailable ? error.cause : error) === '57014'

/** Nothing was done: the server takes no writes. Also as the cause of what callers are told. */
export function isReadOnlyServer(error: unknown): boolean {
  const cause = error instanceof DatabaseUnavailable ? error.cause : error
  return sqlState(cause) === '25006'
}

/** node-postgres names this one by its text alone. */
const isAnswerTimeout = (error: unknown) => error instanceof Error && error.message === 'Query read timeout'

const connectionEnded = new Set(['57P01', '57P02', '57P03', '57P05', '25P03'])
const unavailableClasses = new Set(['08', '53', '58'])
/** Statement timeout, lock timeout, a standby that took the primary's place, outcome unknown. */
const unavailable = new Set(['57014', '55P03', '25006', '40003', '57P04'])

/** Turns what the driver throws into `DatabaseUnavailable` where it is that, and leaves other errors alone. */
export function explain(error: unknown, brokenConnection: Error | undefined): unknown {
  if (error instanceof DatabaseError) {
    const state = error.code ?? ''
    if (connectionEnded.has(state) || state.startsWith('08')) {
      return new DatabaseUnavailable('the database ended the connection', {
        cause: error,
        connectionLost: true,
      })
    }
    if (unavailable.has(state) || unavailableClasses.has(state.slice(0, 2))) {
      return new DatabaseUnavailable('the database could not do it now', { cause: error })
    }
    return error
  }
  if (isAnswerTimeout(error)) {
    return new DatabaseUnavailable('the database did not answer in time', { cause: error })
  }
  if (brokenConnection) {
    return new DatabaseUnavailable('the connection to the database was lost', {
      cause: error,
      connectionLost: true,
    })
  }
  return error
}
