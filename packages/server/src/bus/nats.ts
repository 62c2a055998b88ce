import { readFile } from 'node:fs/promises'
import {
  connect,
  credsAuthenticator,
  type Msg,
  type NatsConnection,
  type NodeConnectionOptions,
  NoRespondersError,
  RequestError,
} from '@nats-io/transport-node'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { type Bus, BusTimeout, NoResponders, type Subject } from './bus.js'

export interface NatsConfig {
  /** One server or several of one cluster, by commas; `tls://` asks for TLS. Names and passwords of the first count. */
  readonly url: string
  /** A file of NATS credentials (a JWT and its seed). */
  readonly credentialsFile: string | undefined
  /** The certificate authority of the servers, when the system does not know it. */
  readonly caFile: string | undefined
}

/** Connects, and waits for as long as nobody is there: the database and the clients of this node can wait as well. */
export async function natsBus(config: NatsConfig, log: Logger): Promise<Bus> {
  const options = await optionsOf(config)
  const waiting = setTimeout(
    () => log.warn('NATS cannot be reached yet; waiting for it'),
    limits.busPatienceMs,
  )
  const nats = await connect(options).finally(() => clearTimeout(waiting))
  const listeners = new Set<(isConnected: boolean) => void>()
  let isConnected = true
  let isClosing = false

  function turn(now: boolean) {
    if (now === isConnected || isClosing) return
    isConnected = now
    if (now) log.info('NATS is back')
    else log.warn('NATS is away; calls within this node go on')
    for (const listener of listeners) listener(now)
  }
  void follow(nats, turn)

  return {
    alone: false,
    isConnected: () => isConnected,
    onConnection: listener => void listeners.add(listener),
    publish(subject, data) {
      // What is said while nobody hears it would be said late: lines send again what has to arrive.
      if (isConnected && !nats.isClosed()) nats.publish(subject, data)
    },
    async request(subject, data, timeoutMs) {
      if (!isConnected || nats.isClosed()) throw new BusTimeout()
      try {
        return (await nats.request(subject, data, { timeout: timeoutMs })).string()
      } catch (error) {
        throw isUnanswered(error) ? new NoResponders() : new BusTimeout()
      }
    },
    subscribe: (subject, listener) => subscribe(nats, subject, listener),
    async close() {
      isClosing = true
      await nats.drain().catch(() => nats.close())
    },
  }
}

async function optionsOf({ url, credentialsFile, caFile }: NatsConfig): Promise<NodeConnectionOptions> {
  const urls = url.split(',').map(server => new URL(server))
  const [first] = urls
  return {
    servers: urls.map(server => `${server.hostname}:${server.port || 4222}`),
    ...(first?.username && { user: decodeURIComponent(first.username) }),
    ...(first?.password && { pass: decodeURIComponent(first.password) }),
    ...(credentialsFile && { authenticator: credsAuthenticator(await readFile(credentialsFile)) }),
    ...((first?.protocol === 'tls:' || caFile) && { tls: { ...(caFile && { caFile }) } }),
    name: 'switchboard',
    waitOnFirstConnect: true,
    // The client's own defaults notice a dead server after four minutes and give up after ten tries.
    pingInterval: limits.busPingMs,
    maxPingOut: 2,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: limits.busReconnectMs,
    reconnectJitter: limits.busReconnectMs,
    reconnectJitterTLS: 4 * limits.busReconnectMs,
    noAsyncTraces: true,
  }
}

async function follow(nats: NatsConnection, turn: (isConnected: boolean) => void): Promise<void> {
  for await (const { type } of nats.status()) {
    if (type === 'disconnect' || type === 'staleConnection') turn(false)
    if (type === 'reconnect') turn(true)
  }
}

const isUnanswered = (error: unknown) =>
  error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders())

function subscribe(nats: NatsConnection, subject: Subject, listener: Parameters<Bus['subscribe']>[1]) {
  const callback = (error: Error | null, message: Msg) => {
    if (error) return
    listener({ data: message.string(), reply: data => void message.respond(data) })
  }
  const subscription = nats.subscribe(subject, { callback })
  return {
    get ready() {
      // The server reads in order: once it answers, it knows the subscription.
      return nats.flush().catch(() => undefined)
    },
    unsubscribe: () => subscription.unsubscribe(),
  }
}
