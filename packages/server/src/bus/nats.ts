import {
  type Msg,
  type NatsConnection,
  type Subscription as NatsSubscription,
  NoRespondersError,
  RequestError,
} from '@nats-io/transport-node'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { type Bus, BusTimeout, NoResponders, type Received, type Subject } from './bus.js'
import { createDial, type NatsConfig } from './nats-dial.js'

/** A connection and when it is over: closed, or with a server that does not answer. */
interface Link {
  readonly nats: NatsConnection
  readonly over: Promise<void>
}

interface Subscribed {
  readonly subject: Subject
  readonly listener: (message: Received) => void
  current: NatsSubscription | undefined
}

/** Connects, and waits for as long as nobody is there: the database and the clients of this node can wait as well. */
export async function natsBus(config: NatsConfig, log: Logger): Promise<Bus> {
  const dial = await createDial(config, log)
  const closing = new AbortController()
  const listeners = new Set<(isConnected: boolean) => void>()
  const subscribed = new Set<Subscribed>()
  let link: Link | undefined = linkOf(await dial(closing.signal))
  let isConnected = true

  function turn(now: boolean) {
    isConnected = now
    if (now) log.info('NATS is back')
    else log.warn('NATS is away; calls within this node go on')
    for (const listener of listeners) listener(now)
  }

  async function follow(first: Link): Promise<void> {
    for (let lost = first; ; ) {
      await lost.over
      // Closing waits for what is unsent; nobody waits for that.
      void lost.nats.close().catch(() => undefined)
      if (closing.signal.aborted) return
      link = undefined
      turn(false)
      lost = linkOf(await dial(closing.signal))
      link = lost
      for (const each of subscribed) listen(lost, each)
      await flushed(lost)
      turn(true)
    }
  }
  void follow(link).catch(() => undefined) // aborted

  function listen(on: Link, each: Subscribed) {
    const callback = (error: Error | null, message: Msg) => {
      if (error || link !== on) return
      each.listener({ data: message.string(), reply: data => void message.respond(data) })
    }
    each.current = on.nats.subscribe(each.subject, { callback })
  }

  return {
    alone: false,
    isConnected: () => isConnected,
    onConnection: listener => void listeners.add(listener),
    publish(subject, data) {
      // What is said while nobody hears it would be said late: lines send again what has to arrive.
      if (isConnected && link && !link.nats.isClosed()) link.nats.publish(subject, data)
    },
    async request(subject, data, timeoutMs) {
      if (!isConnected || !link || link.nats.isClosed()) throw new BusTimeout()
      try {
        return (await link.nats.request(subject, data, { timeout: timeoutMs })).string()
      } catch (error) {
        throw isUnanswered(error) ? new NoResponders() : new BusTimeout()
      }
    },
    subscribe(subject, listener) {
      const each: Subscribed = { subject, listener, current: undefined }
      subscribed.add(each)
      if (link && !link.nats.isClosed()) listen(link, each)
      return {
        get ready() {
          return link ? flushed(link) : Promise.resolve()
        },
        unsubscribe() {
          subscribed.delete(each)
          each.current?.unsubscribe()
        },
      }
    },
    async close() {
      closing.abort()
      if (!link) return
      const patience = new Promise<void>(resolve => setTimeout(resolve, limits.busPatienceMs).unref())
      await Promise.race([link.nats.drain().catch(() => undefined), patience])
    },
  }
}

function linkOf(nats: NatsConnection): Link {
  const stale = async () => {
    for await (const { type } of nats.status()) if (type === 'staleConnection') return
  }
  return { nats, over: Promise.race([stale(), nats.closed().then(() => undefined)]) }
}

/** The server reads in order: once it answers, it knows every subscription made before. */
const flushed = ({ nats, over }: Link) => Promise.race([nats.flush().catch(() => undefined), over])

const isUnanswered = (error: unknown) =>
  error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders())
