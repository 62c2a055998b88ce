import type { TokenView } from '@switchboard/protocol'
import { createBook } from './calls/book.js'
import type { Call } from './calls/call.js'
import { createEmitter, type Listening } from './emitter.js'
import type { Environment } from './environment.js'
import { ConnectionError, NetworkError, type SwitchboardError } from './errors.js'
import type { Media, Wanted } from './media/media.js'
import {
  type Account,
  account,
  type Blocking,
  blocking,
  type Contacts,
  contacts,
  history,
  type Settings,
  settings,
} from './rest/resources.js'
import { createRest } from './rest/rest.js'
import { createIceServers } from './session/ice-servers.js'
import { createRenewal } from './session/renewal.js'
import type { Keeper } from './session/store.js'
import { createLink } from './signaling/link.js'
import type { ReconnectPolicy } from './signaling/reconnect-policy.js'
import type { Transport } from './transport.js'

export interface PhoneEvents {
  /** Somebody calls. Those that ring already are told to the first who listens. */
  incoming: [Call]
  /** A call of the page before, or one whose news were lost, goes on here. */
  restored: [Call]
  /** The connection to the server stands again. */
  online: []
  offline: []
  /** For good: logged out, or another device took this one's place. `advice` says what to do. */
  closed: [SwitchboardError]
}

/** One user on one device. */
export interface Phone extends Listening<PhoneEvents> {
  /** The user's number, as the server writes it. */
  readonly number: string
  readonly isOnline: boolean
  /** Those that go on. */
  readonly calls: readonly Call[]
  readonly contacts: Contacts
  readonly blocking: Blocking
  readonly settings: Settings
  readonly account: Account
  readonly history: ReturnType<typeof history>
  /** Calls a number; audio alone unless it is asked for more. Rejects when there is no microphone or no connection. */
  call(number: string, wanted?: Partial<Wanted>): Promise<Call>
  /** Ends this login, and with `everywhere` every other one. */
  logout(everywhere?: boolean): Promise<void>
  /** Lets go of the connection and of every call here; the login stays. */
  close(): void
}

export interface PhoneOptions {
  readonly url: string
  readonly signalUrl: string
  readonly transport: Transport
  readonly environment: Environment
  readonly policy: ReconnectPolicy
  readonly media: Media
  readonly keeper: Keeper
  readonly token: TokenView
}

/** How long the first connection may take. */
const connectWithinMs = 20_000

/** Connects; resolves when the server has answered, with what rings and goes on already in `calls`. */
export function openPhone(options: PhoneOptions): Promise<Phone> {
  const { url, transport, environment, keeper } = options
  const emitter = createEmitter<PhoneEvents>()
  const before = keeper.read()
  let { token } = options
  let number = ''
  let closed = false
  /** Rings, and nobody has been told. */
  let untold: Call[] = []

  const rest = createRest({ url, fetch: transport.fetch, token: () => token.token })
  const ice = createIceServers(rest, environment)
  const renewal = createRenewal({
    environment,
    renew: () => rest<TokenView>('GET', '/authenticate'),
    onRenewed: view => {
      token = view
      keep()
      link.renew()
    },
    onDead: () => end(new ConnectionError('unauthenticated', { message: 'the login is over' })),
  })
  const book = createBook({
    media: options.media,
    environment,
    iceServers: ice.for,
    link: () => link,
    me: () => number,
    wantedBefore: id => before?.calls?.[id],
    onIncoming: ({ public: call }) => announce(call),
    onRestored: ({ public: call }) => emitter.emit('restored', call),
    onChange: () => keep(),
  })
  let session: string | undefined
  let ready = (_?: SwitchboardError) => {}
  const link = createLink({
    url: options.signalUrl,
    transport,
    environment,
    policy: options.policy,
    token: () => token.token,
    replaces: before?.session,
    events: {
      connected(greeting) {
        number = greeting.PHONE_NUMBER
        session = greeting.SESSION
        ice.greeted(greeting.ICE_SERVERS)
        book.connected(greeting)
        keep()
        ready()
        emitter.emit('online')
      },
      refreshed(greeting) {
        number = greeting.PHONE_NUMBER
        ice.greeted(greeting.ICE_SERVERS)
      },
      heard: book.heard,
      lost() {
        book.lost()
        emitter.emit('offline')
      },
      closed: error => end(error, true),
    },
  })
  const stopWatching = environment.onNetworkChange(() => {
    link.probe()
    book.networkChanged()
  })
  renewal.follow(token, before === undefined)

  function keep() {
    if (closed) return
    const living = book.calls().flatMap(({ id, wanted }) => (id === undefined ? [] : [[id, wanted] as const]))
    keeper.keep({
      token: token.token,
      expiresAt: token.expires_at,
      ...(session !== undefined && { session }),
      calls: Object.fromEntries(living),
    })
  }

  /** For good. What is kept goes with the login, and stays when only this page goes. */
  function end(error: SwitchboardError, byServer = false) {
    if (closed) return
    closed = true
    renewal.stop()
    stopWatching()
    // A server that does not answer says nothing about the login.
    if (error.code !== 'closed' && error.code !== 'network') keeper.forget()
    book.close(error)
    if (!byServer) link.close()
    ready(error)
    emitter.emit('closed', error)
  }

  const over = () => end(new ConnectionError('revoked', { message: 'logged out' }))

  function announce(call: Call) {
    if (emitter.hears('incoming')) emitter.emit('incoming', call)
    else untold.push(call)
  }

  const phone: Phone = {
    off: emitter.off,
    once(name, listener) {
      const stop = phone.on(name, (...args) => {
        stop()
        listener(...args)
      })
      return stop
    },
    on(name, listener) {
      const stop = emitter.on(name, listener)
      if (name !== 'incoming' || untold.length === 0) return stop
      const waiting = untold
      untold = []
      queueMicrotask(() => {
        for (const call of waiting) if (call.phase === 'ringing') announce(call)
      })
      return stop
    },
    get number() {
      return number
    },
    get isOnline() {
      return link.isUp
    },
    get calls() {
      return book.calls().map(call => call.public)
    },
    contacts: contacts(rest),
    blocking: blocking(rest),
    settings: settings(rest),
    account: account(rest, over),
    history: history(rest),
    async call(to, wanted = {}) {
      if (!link.isUp)
        throw new ConnectionError('offline', { message: 'there is no connection to the server' })
      const call = await book.dial(to, { audio: true, video: false, ...wanted })
      return call.public
    },
    async logout(everywhere = false) {
      await rest('POST', everywhere ? '/logout_everywhere' : '/logout')
      over()
    },
    close: () => end(new ConnectionError('closed', { message: 'the phone was closed here' })),
  }

  return new Promise((resolve, reject) => {
    const late = environment.setTimer(
      () => end(new NetworkError(`${options.signalUrl} does not answer`)),
      connectWithinMs,
    )
    ready = error => {
      environment.clearTimer(late)
      if (error) reject(error)
      else resolve(phone)
    }
  })
}
