import { wireLimits } from '@switchboard/protocol'

/** Every bound of the server, each with its reason. What a client must know stands in `wireLimits`. */
export const limits = {
  ...wireLimits,

  /** A socket that says nothing valid costs memory; honest clients send `connect` at once. Traffic does not extend it. */
  connectWithinMs: 5_000,
  /** A pong later than this is a dead network (contract section 3). */
  pongWithinMs: 10_000,
  /** Unsent bytes of one socket before it is cut as a slow consumer. */
  unsentBytes: 1024 * 1024,
  /** How long a socket may make no progress with unsent bytes before it is cut. */
  stalledMs: 10_000,
  /** Remembered `ID`s of a session: duplicates come from retries of the last seconds. */
  rememberedIds: 1_024,
  /** Bytes that a session keeps for replay: as much as a live socket may have unsent. */
  replayBytes: 1024 * 1024,
  /** Candidates of one side held or repeated while a call rings (contract section 4: 200 a call and side). */
  candidatesPerSide: 200,

  /** Parallel argon2 computations: 19 MiB and 13 ms of a core each. */
  hashingPerCore: 2,
  /** Hashes that wait for a slot; beyond it the client is told to come back. */
  hashingQueue: 64,
  /** Retry-After of a shed request: the queue's length in time. */
  hashingRetrySeconds: 2,

  /** A reset code and the token it buys live ten minutes (contract section 2). */
  resetCodeMs: 10 * 60_000,
  resetTokenMs: 10 * 60_000,
  resetCodeAttempts: 5,
  resetCodeLength: 10,
  /** A login ends this long after its last renewal: a phone unused for a month logs in again. */
  loginIdleMs: 30 * 24 * 3_600_000,
  /** Clock skew between nodes that a token survives. */
  tokenLeewaySeconds: 60,
  /** Verified tokens remembered, so that a busy client pays for one verification. */
  rememberedTokens: 20_000,

  /** How often every node reads what other processes changed about accounts; half of the second we promise. */
  accountFeedMs: 400,
  /** Feed rows younger than this are read again: their transactions commit out of order. */
  accountFeedOverlapMs: 10_000,

  /** Steps of calls wait this long for company before they are written, unless somebody waits for the ack. */
  journalDelayMs: 40,
  /** Steps of calls that wait while the database is away, before the oldest traces are let go. */
  journalBacklog: 50_000,
  /** An `ack` waits this long for the database; then the step is ours in memory (security, P8: signaling goes on). */
  ackWithinMs: 2_000,

  /** Database: nothing waits for ever (node-postgres' defaults do). */
  databaseConnections: 10,
  databaseConnectMs: 2_000,
  databaseStatementMs: 5_000,
  databaseLockMs: 2_000,
  databaseIdleInTransactionMs: 10_000,

  /** One mail: connect, greet, send. */
  mailSendMs: 15_000,
  /** First wait after a failed mail; doubles up to the largest. */
  mailRetryMs: 2_000,
  mailRetryMaxMs: 5 * 60_000,
  /** A notice is worth sending for a day. A reset code for as long as it is valid. */
  mailNoticeGiveUpMs: 24 * 3_600_000,
  mailPollMs: 5_000,

  /** REST requests: slow clients do not hold sockets (security, 36). */
  headersMs: 10_000,
  requestMs: 15_000,
  keepAliveMs: 5_000,
  /** Node looks for slow requests this often; its own 30 s would let them live twice as long as they may. */
  requestCheckMs: 2_000,
  /** Header fields of a request; ours have a dozen. */
  headerCount: 100,
  headerBytes: 16 * 1024,
  /** Retry-After while the database is away: it reconnects within seconds (security, P8). */
  unavailableRetrySeconds: 2,
  /** How long `/health/ready` waits for the database before it says no. */
  readyWithinMs: 1_000,
  /** Browsers ask again this often whether another origin may use the API. */
  preflightSeconds: 600,
  /** Strict profile: a released number rests this long (contract section 1). */
  numberRestMs: 45 * 24 * 3_600_000,

  /** From SIGTERM to exit (contract section 3). */
  shutdownMs: 30_000,
  /** Sockets are closed spread over this time at shutdown, and told to come back within it. */
  shutdownJitterMs: 5_000,
} as const
