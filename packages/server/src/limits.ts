import { wireLimits } from '@switchboard/protocol'

/**
 * Every bound of the server, each with its reason. What a client must know stands in `wireLimits`. It is one file however
 * long it grows, so that whoever asks what is bounded, or whether something is, has one place to look.
 */
export const limits = {
  ...wireLimits,

  /**
   * Connections that wait to be accepted, if the system allows as many (net.core.somaxconn: 4,096). With Node's 511 most
   * of 10,000 who came at once were dropped, and tried again only after one, three or seven seconds.
   */
  listenBacklog: 4_096,
  /** A socket that says nothing valid costs memory; honest clients send `connect` at once. Traffic does not extend it. */
  connectWithinMs: 5_000,
  /** A pong later than this is a dead network (contract section 3). */
  pongWithinMs: 10_000,
  /** Unsent bytes of one socket before it is cut as a slow consumer. */
  unsentBytes: 1024 * 1024,
  /** How long a socket may make no progress with unsent bytes before it is cut. */
  stalledMs: 10_000,
  /** Fragments of one message, and reads it may come in: a frame of 64 KiB needs few of either. */
  frameFragments: 64,
  frameChunks: 1_024,
  /** Retry-After for an address with too many sockets: one of them is gone after a missed pong. */
  socketsRetrySeconds: 35,
  /** How often sockets are looked after; a heartbeat or a stall is at most this late. */
  socketCheckMs: 500,
  /** A timer this late means that the process stood still, and what came meanwhile is yet to be read. */
  stoodStillMs: 1_000,
  /** Before rings and windows end that ran out then: the time of a handshake and a `connect` on a slow network. */
  hearFirstMs: 2_000,
  /** A peer that does not finish the closing handshake is cut. */
  closeWithinMs: 2_000,
  /** Remembered `ID`s of a session: duplicates come from retries of the last seconds. */
  rememberedIds: 1_024,
  /** Bytes that a session keeps for replay: as much as a live socket may have unsent. */
  replayBytes: 1024 * 1024,
  /** Rings that a socket has got and not confirmed: what comes after so many is not asked about. */
  probesOpen: 16,
  /** Chunks of memory that a session keeps them in: for who is told little, and for who is told much, four SDPs. */
  frameChunkFirstBytes: 1024,
  frameChunkMostBytes: 16 * 1024,
  /** Candidates of one side held or repeated while a call rings (contract section 4: 200 a call and side). */
  candidatesPerSide: 200,

  /** Parallel argon2 computations: 19 MiB and 13 ms of a core each. */
  hashingPerCore: 2,
  /** On threads of their own, nicer than the rest of the server (Linux): in a storm of logins on two cores a token is
   * verified in 0.4 ms, 10 at the 99th percentile; on Node's four threads, with three of them hashing, in 0.9 and 20. */
  hashingNiceness: 5,
  /** A thread costs 9 MB, so those that had nothing to do for this long end; to start one takes 40 ms. */
  hashingIdleMs: 30_000,
  /** Of JavaScript it holds a message at a time; argon2's memory is not of this heap. */
  hashingHeapMb: 16,
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
  /** An open socket whose token was not renewed is closed within the minute after it ended: so long after, looked at so often. */
  socketTokenGraceMs: 30_000,
  socketTokenCheckMs: 10_000,
  /** A token of an 8192-bit RSA key has some 1,700 characters. */
  tokenLength: 4_096,
  /** Verified tokens remembered, so that a busy client pays for one verification. */
  rememberedTokens: 20_000,
  /** Login states remembered; as many as tokens. */
  rememberedLogins: 20_000,
  /** A remembered login is asked for again after this, whatever the feed said: nothing wrong stays longer. */
  rememberedLoginMs: 60_000,
  /** Logins that are read with one statement, when many come back at once: one answer of some 60 KB. */
  loginsReadAtOnce: 500,
  /** Profiles likewise; with what each has blocked, which may be a thousand numbers. */
  profilesReadAtOnce: 100,
  /** Pages of contacts likewise: of a hundred rows each, an answer of some 300 KB. */
  pagesReadAtOnce: 16,
  /** The key's files are looked at this often when signing: a rotation shows everywhere within it. */
  keyFileLookMs: 1_000,
  /** A refused reset code is answered no sooner: whether there was anything to compare must not show. */
  refusedCodeMs: 100,
  /** Ended logins and spent resets stay this long, to look into a complaint, and go when their owner makes new ones. */
  deadRowsMs: 24 * 3_600_000,

  /** How often every node reads what other processes changed about accounts; half of the second we promise. */
  accountFeedMs: 400,
  /** Feed rows younger than this are read again: their transactions commit out of order. */
  accountFeedOverlapMs: 10_000,
  /** Without news for this long what is remembered of logins is not trusted: five polls missed. */
  accountFeedStaleMs: 2_000,
  /** Feed rows are kept for a day, longer than any node is away and comes back with its sockets; pruned every hour. */
  accountFeedKeepMs: 24 * 3_600_000,
  accountFeedPruneMs: 3_600_000,

  /** A caller hears no sooner that nobody is reached: to find somebody whose devices are off takes a tenth of a
   * millisecond longer than to find nobody, and that must not show. Within `journalDelayMs`, so that such a call is
   * still written once. */
  unreachedMs: 30,
  /** Steps of calls wait this long for company before they are written, unless somebody waits for the ack. */
  journalDelayMs: 40,
  /** Steps of calls that wait while the database is away, before the oldest traces are let go. */
  journalBacklog: 50_000,
  /** Longest wait between tries to write them. */
  journalRetryMaxMs: 2_000,
  /** Frames that one socket may pipeline behind its `connect` while that is verified. */
  framesBehindConnect: 64,

  /** Cluster: how often the NATS server is asked for a sign of life; two unanswered and it is away. */
  busPingMs: 5_000,
  /** Between tries to reach it again, and up to as long again by chance. */
  busReconnectMs: 250,
  /** One try: TCP, TLS, credentials. The network alone would wait two minutes for a server that is cut off. */
  busDialMs: 2_000,
  /** How long the bus or another node may be silent before whoever waits is told: within the 2 s that we promise. */
  busPatienceMs: 1_500,
  /** One question over the bus; a second one follows when nobody is subscribed, for a subscription takes a moment. */
  busRequestMs: 500,
  busAskAgainMs: 40,
  /** What waits for another node's receipt, a line; a node that takes none of it for so long is gone anyway. */
  lineUnacked: 20_000,
  /**
   * UTF-16 units of one message between nodes, three bytes each at worst: NATS takes 1 MiB at once. A session with all
   * that it keeps for replay is larger.
   */
  linePartChars: 256 * 1024,
  /** A question to another node over a line: longer than the line takes to be told lost. */
  askMs: 5_000,
  /** Nodes that were given up whose late messages are still told from new ones. */
  linesRemembered: 1_000,
  /** A receipt waits this long for company, unless so many messages came. */
  lineAckMs: 25,
  lineAckEvery: 64,
  /** First wait before a message is sent again, doubled up to the largest. */
  lineRetryMs: 250,
  lineRetryMaxMs: 1_000,
  /** Every node says that it lives; who was not heard for so long is asked, and after twice that is gone. */
  nodeBeatMs: 500,
  nodeSilentMs: 2_000,
  /** A node renews its lease in the database; who let it run out is fenced and its calls are taken over. */
  leaseBeatMs: 1_000,
  leaseMs: 4_000,
  /** Clocks of a node and the database that differ by less count as the same. */
  clockJitterMs: 250,
  /** One that missed a renewal is dead already when nobody is subscribed in its place either. */
  leaseSuspectMs: 2_000,
  /** How often a node looks for calls that are its own by their rows and got lost between nodes; missing twice is lost. */
  ownLookMs: 10_000,
  /** Fenced nodes stay known for so long, in case one wakes up and must learn of it. */
  fencedKeepMs: 24 * 3_600_000,
  /** How often a home that moved meanwhile is looked for again, and how long between looks at a dying node's calls. */
  homeTries: 20,
  homeLookAgainMs: 250,
  /** Where a user's calls live on with a node that is dying, its devices wait up to so long for the next one. */
  homeWaitMs: 6_000,
  /** A user whose devices are all on another node goes there this long after its last call. */
  homeLingerMs: 2_000,
  /** A claim may be lost when it matters most: each is made again, one part of them at every look. */
  homeAnnounceTurns: 15,
  /** Questions for a user's home that nobody answered in `busRequestMs`, before it is at home where it came. */
  homeUnanswered: 2,
  /** A node that gave a user away answers for it until the other one has it, and passes on what still comes. */
  homeForwardMs: 30_000,
  /** How often a node tells every other which devices it has of users at home there; a device missing twice is away. */
  rollMs: 10_000,
  /** Homes given away at once by a node that stops: each is some kilobytes on the way. */
  drainBatch: 64,
  /** It passes on for so long what others send who have not heard of it yet: many times the way between nodes. */
  drainLingerMs: 1_000,
  /** For the last of it to be received, before the node ends anyway. */
  drainClearMs: 5_000,
  /** A turn of the event loop in which next to nothing waits, and how many are waited for at most until there is one. */
  quietTurnMs: 2,
  quietTurns: 200,
  /** What a connection opened just before a server stops may take until it asks: it came with a request in mind. */
  drainFirstRequestMs: 500,

  /** Database: nothing waits for ever (node-postgres' defaults do). */
  databaseConnections: 10,
  /**
   * To connect, or for a free connection; and for a lock. Who is given a connection at the last moment may wait for the
   * lock as well: the two together stay under the 2 s in which REST answers 503.
   */
  databaseConnectMs: 1_200,
  databaseLockMs: 750,
  databaseStatementMs: 4_000,
  /** The server ends a statement in `databaseStatementMs`; a server that is silent for longer is gone. */
  databaseAnswerMs: 4_500,
  databaseIdleInTransactionMs: 10_000,
  databaseKeepAliveMs: 10_000,
  /** A connection unused for longer is looked at before it is used. */
  databaseTrustMs: 1_000,
  /** An unused connection is given back. */
  databaseIdleMs: 60_000,
  /** A connection is renewed, so that a moved primary or a new address is found. */
  databaseConnectionLifeSeconds: 30 * 60,
  /**
   * Attempts of what met another transaction (40001, 40P01) or lost its connection with nothing done, and the wait
   * between them: doubled each time, and by chance a part of it, so that two that met do not meet again. With four, of
   * 120 writes to three users at once a serializable database turned down three for good. All waits together stay under
   * 1.3 s: a client waits.
   */
  databaseAttempts: 6,
  databaseRetryMs: 20,
  /** Another node may be busy with a long migration. */
  migrationWaitMs: 10 * 60_000,
  /** How often a node looks whether another has made an index; it must not wait for it in a statement. */
  migrationPollMs: 100,

  /** Embedded PostgreSQL: ready in 40 ms, but after a crash it first replays its log. */
  postgresStartMs: 60_000,
  postgresPollMs: 10,
  /** An orderly stop writes what is in memory; after this it is cut off, and replays its log at the next start. */
  postgresStopMs: 10_000,
  /** A killed server's connection is closed at once; who still holds the data directory after this, lives. */
  ownershipWaitMs: 2_000,
  ownershipPollMs: 25,
  /** Ready but without a listener for this long: the file that says so is of another process, or it is broken. */
  postgresSilentMs: 2_000,
  postgresLogBytes: 1024 * 1024,
  /** First wait before a lost embedded PostgreSQL is started again; doubles up to the largest. */
  postgresReviveMs: 100,
  postgresReviveMaxMs: 5_000,
  /** The path of a Unix socket: 104 bytes on macOS, 108 on Linux, with the zero at its end. */
  socketPathBytes: 100,

  /** One mail: connect, greet, send. */
  mailSendMs: 15_000,
  /** Name look-up, connection, greeting, and any silence on the way. */
  mailPhaseMs: 10_000,
  /** First wait after a failed mail; doubles up to the largest. */
  mailRetryMs: 2_000,
  mailRetryMaxMs: 5 * 60_000,
  /** A notice is worth sending for a day. A reset code for as long as it is valid. */
  mailNoticeGiveUpMs: 24 * 3_600_000,
  mailPollMs: 5_000,
  /** Mails of one claim, sent side by side. */
  mailBatch: 8,
  /** A claim that nobody finished, because its node died, is taken over after this: longer than any attempt. */
  mailClaimMs: 60_000,
  /** Mail is looked after this long after it was asked for, and up to as long again by chance: by then the change that
   * a notice tells of is committed, and the work for a known email slows no particular request (contract section 2). */
  mailDelayMs: 100,
  /** At a stop, mails under way have this long to arrive before they are left to another worker. */
  mailStopMs: 3_000,
  /** Mails kept in the outbox, and those that failed, go after a week. */
  mailKeepMs: 7 * 24 * 3_600_000,
  mailPruneMs: 3_600_000,

  /** One attempt at a webhook receiver, from the look-up of its name to its answer: receivers should answer, then work. */
  webhookSendMs: 10_000,
  /** Subjects beside each other at one endpoint and node: 160 events a second where a receiver takes 100 ms. */
  webhookConcurrency: 16,
  /** First wait after a failed attempt; doubles up to the largest: an hour, so that a receiver that was away for a night
   * has all soon after it is back. */
  webhookRetryMs: 1_000,
  webhookRetryMaxMs: 3_600_000,
  /** Events are worth sending for a day: a receiver that was down over night has them all. */
  webhookGiveUpMs: 24 * 3_600_000,
  /** Failures in a row after which an endpoint is asked with one event at a time, and the longest time between two. */
  webhookFailuresToPause: 3,
  webhookPauseMaxMs: 60_000,
  /** Of an answer only the status counts; a body up to this long is read so that its connection can be used again. */
  webhookAnswerBytes: 16 * 1024,
  /** A claim that nobody finished, because its node died: longer than the attempts of the longest line, three events. */
  webhookClaimMs: 35_000,
  /** What another process wrote is found after this long at most. */
  webhookPollMs: 2_000,
  /** After a write: by then the transaction is committed, and several events leave by one claim. */
  webhookDelayMs: 50,
  /** At a stop, what is under way has this long before it is left to another worker. */
  webhookStopMs: 2_000,
  /** Endpoints: each event is a row for each of them. */
  webhookEndpoints: 5,
  /** Secrets at a time: the one in use, and while receivers change over the one before. */
  webhookSecrets: 2,
  /** Attempts shown of an event, the latest; a day has some 35. */
  webhookAttemptsKept: 40,
  /** What was delivered is kept to be looked at and sent once more; what was not for longer, since somebody may be on leave. */
  webhookDeliveredKeepMs: 3 * 24 * 3_600_000,
  webhookGivenUpKeepMs: 7 * 24 * 3_600_000,
  /** How often the queue is looked after, old events are deleted, and how many at once. */
  webhooksUpkeepMs: 15_000,
  webhooksPruneMs: 10 * 60_000,
  webhooksPruneBatch: 1_000,
  /** Waiting events are counted so far: a look must cost the same however much waits. */
  webhooksCounted: 10_000,
  /** Deliveries on a page of the panel. */
  webhooksPage: 50,

  /** REST requests: slow clients do not hold sockets (security, 36). */
  headersMs: 10_000,
  requestMs: 15_000,
  keepAliveMs: 5_000,
  /** Node looks for slow requests this often; its own 30 s would let them live twice as long as they may. */
  requestCheckMs: 2_000,
  /** No byte of an answer has left for this long: its reader is gone. Longer than any answer takes to make. */
  answerStalledMs: 20_000,
  /** Nor may an answer be read for ever: an export of 20 MB over a line of 1 Mbit/s fits. */
  answerMs: 5 * 60_000,
  /** The panel: a session ends when nothing was asked for so long, and after half a day whatever was asked. */
  adminIdleMs: 30 * 60_000,
  adminSessionMs: 12 * 3_600_000,
  /** A sign of life is written down this often at most: within the idle time nobody sees the difference. */
  adminSeenMs: 60_000,
  /** For the second factor, after the password. */
  adminSecondFactorMs: 5 * 60_000,
  /** Browsers of one administrator that are signed in; one more ends the oldest. */
  adminSessionsMost: 20,
  /** An administrator's password opens everybody's data; in the strict profile it is as long as everybody's there. */
  adminPasswordMin: 12,
  /** The link at first start, and one that an owner hands over. */
  firstAdministratorMs: 3_600_000,
  invitationMs: 24 * 3_600_000,
  /** RFC 6238: codes of the step before and the one after are taken too, for clocks that differ. */
  totpStepMs: 30_000,
  totpSteps: 1,
  recoveryCodes: 10,
  passkeysMost: 10,
  /** To touch a key, or find the phone that has it. */
  passkeyMs: 5 * 60_000,
  auditPage: 100,
  callsPage: 50,
  /** Calls that are looked at for one page with a filter that no index serves: 20 ms. What is left is the next page's. */
  callsLookedAt: 20_000,
  /** Rows of a file: what a spreadsheet takes. */
  callsFile: 1_000_000,
  /** Of a file at a time: as much is in memory. */
  callsFilePage: 1_000,
  callsLive: 500,
  /** Another node's answer for the panel: whoever looks at it would rather have what the others say. */
  panelAskMs: 1_000,
  /** Nodes that are asked: more than anybody runs. */
  panelNodes: 100,
  /** The overview's hour, in memory: 360 points of some 200 bytes. */
  hourStepMs: 10_000,
  hourSteps: 360,
  hourMs: 3_600_000,
  /** Prometheus is asked for longer ones: over days it takes seconds. Its answer is some 50 KB. */
  prometheusMs: 10_000,
  prometheusChars: 2 * 1024 * 1024,
  /** However many look: its own figures are no fresher. */
  prometheusAgainMs: 10_000,
  /** Somebody who fetches the figures does so every minute at least. */
  scrapedMs: 2 * 60_000,
  /** The newest refusals, with whom they were told to: in memory alone, for addresses are personal. */
  trips: 200,
  /** A call has a dozen steps; one that renegotiates for hours has more than anybody reads. */
  traceLines: 500,
  /** Rows of a page of users or mails: as many as somebody reads before searching further. */
  panelPage: 50,
  panelSearchLength: 256,
  /** Each is a condition; what six words do not find, seven do not find better. */
  panelSearchWords: 6,
  /** The newest users are read first: what one in a hundred users has fills a page from them. Some 15 ms. */
  panelSearchNewest: 6_000,
  /** Of those that the index finds: what fewer have is found whole, and more than these need not be compared. */
  panelSearchIndexed: 20_000,
  /** What so many have that the index takes longer is read on from the newest instead: both together in 200 ms. */
  panelSearchIndexMs: 100,
  panelSearchFurther: 15_000,
  /** Of the operator's port: scrapers and a browser or two. */
  adminConnections: 64,
  /**
   * Files kept from being used up by connections: the database's ten connections, receivers of webhooks, mail, the
   * operator's port, threads and the log. They do not grow with the clients.
   */
  filesKept: { share: 0.1, least: 64, most: 256 },
  /** Of the connections, those that no WebSocket takes: REST and health answer while sockets have all others. */
  filesForRequests: { share: 0.05, least: 16, most: 128 },
  /** How often connections that were turned away are told of in the log, with their number. */
  dropLogMs: 60_000,
  /** How often the certificate's files are looked at. */
  certificateLookMs: 2_000,
  /** Keys of TLS session tickets are renewed this often: they decrypt what was said with TLS 1.2 tickets. */
  ticketKeysMs: 6 * 3_600_000,
  /** HSTS: browsers remember for a year. */
  stayEncryptedSeconds: 365 * 24 * 3_600,
  /** Header fields of a request; ours have a dozen. */
  headerCount: 100,
  headerBytes: 16 * 1024,
  /** Retry-After where nothing better is known: long enough for what is restarting, short enough for who waits. */
  retrySeconds: 2,
  /** Retry-After of a full list of contacts or blocked numbers: its owner has to delete one first. */
  fullListRetrySeconds: 60,
  /** Retry-After while the database is away: it reconnects within seconds (security, P8). */
  unavailableRetrySeconds: 2,
  /** How long `/health/ready` waits for the database before it says no. */
  readyWithinMs: 1_000,
  /** Browsers ask again this often whether another origin may use the API. */
  preflightSeconds: 600,
  /** Calls in an export: two hundred a day for more than a year, 20 MB. */
  exportedCalls: 100_000,
  /** Strict profile: a released number rests this long (contract section 1). */
  numberRestMs: 45 * 24 * 3_600_000,

  /** What "doctor" calls low: a busy day's write-ahead log, and the least that PostgreSQL can start with. */
  diskFreeLow: 1024 ** 3,
  diskFreeLeast: 200 * 1024 ** 2,
  /**
   * What "doctor" calls weak. A key is guessed at home, from one thing that it signed: 2^80 tries are out of reach. A
   * password is tried at its server, which is slow.
   */
  secretKeyBits: 80,
  secretPasswordBits: 48,
  /** How long "doctor" waits for a STUN or TURN server. */
  stunAnswerMs: 2_000,

  /** Spans of traces that wait to be sent, some 2 MB at worst; one more is dropped. */
  tracesWaiting: 10_000,
  /** How often they are sent, and how long a collector may take. */
  tracesEveryMs: 1_000,
  tracesSendMs: 5_000,

  /** How often PM2 is told of connections, calls and lag: as often as `pm2 monit` draws. */
  pm2ReportMs: 1_000,
  /** How often the event loop is looked at for its lag; each look is a timer. */
  eventLoopLookMs: 20,

  /** From SIGTERM to exit (contract section 3). */
  shutdownMs: 30_000,
  /** Ctrl-C under npm reaches us twice, from the terminal and from npm; later it is a second one: leave at once. */
  signalEchoMs: 1_000,
  /** Sockets are closed spread over this time at shutdown, and told to come back within it. */
  shutdownJitterMs: 5_000,
  /** As much of it as the number of sockets needs: 5,000 reconnects a second are no storm. */
  shutdownJitterPerSocketMs: 0.2,
  /** The least time over which clients are told to come back: one server needs about this to restart. */
  comeBackMs: 1_000,

  /**
   * How often somebody may do something (contract section 4). A bucket lets its burst through at once, then one per
   * `every`; a window at most so many within any stretch of its length. Where there are several, all must let it through.
   */
  rates: {
    /** A person mistypes a few times; a machine gets 100 guesses, then only whoever reads the mail gets in. */
    failedLogins: { free: 5, firstDelayMs: 6_000, longestDelayMs: 25_000, inARow: 100 },
    /** Many people share a carrier's address; 50 of them may mistype in half an hour. */
    failedAuthentications: { windows: [{ most: 50, within: 30 * 60_000 }] },
    /** A family or an office registers together; what comes on after that is a machine. */
    registrations: { bucket: { burst: 10, every: 6 * 60_000 } },
    /** A mail may be late or lost, so ask again; nobody's mailbox is flooded by us. */
    resetMails: {
      windows: [
        { most: 1, within: 60_000 },
        { most: 3, within: 15 * 60_000 },
        { most: 6, within: 24 * 3_600_000 },
      ],
    },
    /** One address cannot flood many mailboxes either. */
    resetMailsPerAddress: { windows: [{ most: 20, within: 3_600_000 }] },
    /** Beside five a code: fresh codes do not buy fresh guesses. */
    resetCodes: { windows: [{ most: 10, within: 3_600_000 }] },
    /** Somebody's address book by and by, and not everybody's: an account finds out about 4 numbers an hour. */
    lookups: { bucket: { burst: 20, every: 15 * 60_000 } },
    /** Relays cost bandwidth; a client asks once a call, and credentials last an hour. */
    turnCredentials: { bucket: { burst: 10, every: 60_000 } },
    /** 60 a second for an office behind one address; a flood is refused before anything is read. */
    requests: { windows: [{ most: 600, within: 10_000 }] },
    /** A call takes a dozen messages. */
    controlMessages: { burst: 60, every: 1_000 },
    /** Gathering yields some 30 at once; 200 a call and side are counted by the exchange. */
    candidates: { burst: 100, every: 100 },
    /** Redialling is human, ringing a hundred people an hour is not. */
    calls: { bucket: { burst: 10, every: 6_000 }, windows: [{ most: 100, within: 3_600_000 }] },
    /** Nobody's phone is made to ring on and on. */
    callsPerPair: { windows: [{ most: 3, within: 60_000 }] },
    /** However many strangers call somebody, most of the time the phone is free for others. */
    strangerCalls: { windows: [{ most: 5, within: 60_000 }] },
    /** A carrier's address has many phones behind it; those that have not said who they are cost us for nothing. */
    sockets: { perAddress: 1_000, unauthenticatedPerAddress: 100 },
  },
  /** Keys that one limit remembers in memory, some 30 MB at worst. */
  throttledKeys: 100_000,
  /** Looked at when one of them must go, to find one with little to forget; and at most, when all have much. */
  throttledKeysLookedAt: 16,
  throttledKeysLookedAtMost: 1_024,
  /** Logins of one account wait in line, so that a right password clears before the next is judged; no longer line. */
  loginsInLine: 100,
  /** Wrong passwords in a row are forgotten after a month without any; 100 in a row never. */
  failedLoginsKeepMs: 30 * 24 * 3_600_000,
  /** Retry-After of an account that only a reset opens. */
  lockedLoginRetryMs: 24 * 3_600_000,
  /** How often recovered rows are deleted, and how many at once. */
  throttlesPruneMs: 10 * 60_000,
  throttlesPruneBatch: 5_000,
} as const
