import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { BusState, CallId, IceServer, UserId } from '@switchboard/protocol'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { Clock } from '../clock.js'
import type { Config } from '../config.js'
import type { Directory, Presence } from '../directory/directory.js'
import type { Way } from '../http/proxies.js'
import type { CreateServer } from '../http/server.js'
import type { Logger } from '../log.js'
import type { Meter } from '../meter.js'
import type { Sessions } from '../sessions/sessions.js'
import type { Database } from '../storage/database.js'
import type { ClientAddress } from '../throttles/client-address.js'
import type { Throttles } from '../throttles/throttles.js'
import type { Tracer } from '../tracer.js'

export interface RestDeps {
  readonly directory: Directory
  readonly sessions: Sessions
  readonly presence: Presence
  /** Bound to a call where one is named. */
  readonly turnCredentials: (userId: UserId, callId?: CallId) => TurnCredentials | Promise<TurnCredentials>
  readonly database: Pick<Database, 'ping'>
  /** Whether other nodes can be reached. */
  readonly busState: () => BusState
  readonly config: Pick<
    Config,
    'securityProfile' | 'trustProxy' | 'allowedOrigins' | 'publicUrl' | 'rateLimits'
  >
  readonly log: Logger
  readonly newId: () => string
  /** Whether the process is on its way out: `/health/ready` says no, so that nobody new is sent here. */
  readonly draining: () => boolean
  readonly createServer: CreateServer
  /** Where this server takes sockets, if it does. */
  readonly socketsAt: string | undefined
  readonly way: Way
  /** Where the files of the phone are; undefined where it was not built: the API serves without it. */
  readonly site: string | undefined
  /** Where the site of the documents is; undefined where it was not built. */
  readonly guide: string | undefined
  readonly clientAddress: ClientAddress
  readonly throttles: Throttles
  readonly meter?: Meter
  readonly clock?: Clock
  readonly tracer?: Tracer | undefined
}

export interface TurnCredentials {
  readonly iceServers: readonly IceServer[]
  readonly ttlSeconds: number
}

/** Fastify, with handlers typed by their TypeBox schemas. */
export type RestApp = FastifyInstance<
  RawServerDefault,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>
