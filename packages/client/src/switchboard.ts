import type { CreateUserBody, TokenView, UserView } from '@switchboard/protocol'
import { type Environment, systemEnvironment } from './environment.js'
import type { Media } from './media/media.js'
import { noMedia } from './media/none.js'
import { webRtc } from './media/web-rtc.js'
import { openPhone, type Phone } from './phone.js'
import { outside } from './rest/outside.js'
import { createRest } from './rest/rest.js'
import { createKeeper, type SessionStore, tabStore } from './session/store.js'
import { type ReconnectPolicy, reconnectPolicy } from './signaling/reconnect-policy.js'
import { fetchOf, type Transport, transportOf } from './transport.js'

/** Which server. */
export interface Server {
  /** Where the API is: `https://calls.example.org`. */
  readonly url: string
  /** Of the platform, unless given: in Node 20 pass `{ WebSocket }` of the package `ws`. */
  readonly transport?: Partial<Transport>
}

export interface SwitchboardOptions extends Server {
  /** Where signaling is, when not at `/signal` of the API. */
  readonly signalUrl?: string
  /** Not given: the browser's. null: signaling only. */
  readonly media?: Media | null
  /** Where a session is kept through a reload: `sessionStorage` unless given, null for nowhere. */
  readonly store?: SessionStore | null
  readonly reconnect?: ReconnectPolicy
  /** Time and chance, for tests. */
  readonly environment?: Environment
}

export interface Credentials {
  readonly email: string
  readonly password: string
}

const base = (url: string) => url.replace(/\/+$/, '')
const restOf = ({ url, transport }: Server) =>
  outside(createRest({ url: base(url), fetch: fetchOf(transport), token: () => undefined }))

const keeperOf = ({ store }: SwitchboardOptions) =>
  createKeeper(store === null ? undefined : (store ?? tabStore()))

function open(options: SwitchboardOptions, token: TokenView): Promise<Phone> {
  const url = base(options.url)
  return openPhone({
    url,
    signalUrl: options.signalUrl ?? `${url.replace(/^http/, 'ws')}/signal`,
    transport: transportOf(options.transport),
    environment: options.environment ?? systemEnvironment,
    policy: options.reconnect ?? reconnectPolicy,
    media: options.media === null ? noMedia : (options.media ?? webRtc()),
    keeper: keeperOf(options),
    token,
  })
}

/** The way in. */
export const Switchboard = {
  /** Logs in and connects. */
  async login(options: SwitchboardOptions & Credentials): Promise<Phone> {
    const token = await restOf(options).login(options.email, options.password)
    keeperOf(options).forget() // whoever was here before
    return open(options, token)
  },

  /** Goes on where the page before left off, its calls included; undefined when there was none, or its login is over. */
  async restore(options: SwitchboardOptions): Promise<Phone | undefined> {
    const kept = keeperOf(options).read()
    if (!kept) return undefined
    try {
      // Whether the login is over is for the server to say: clocks of clients are wrong.
      return await open(options, { token: kept.token, expires_at: kept.expiresAt })
    } catch (error) {
      if ((error as { code?: unknown }).code === 'unauthenticated') return undefined
      throw error
    }
  },

  /** Makes an account. */
  register: (options: Server & CreateUserBody): Promise<UserView> => {
    const { firstname, lastname, phone_number, email, password } = options
    return restOf(options).register({ firstname, lastname, phone_number, email, password })
  },

  /** Sends a code by mail, if the address has an account; whether it has is not told. */
  requestPasswordReset: (options: Server & { readonly email: string }): Promise<void> =>
    restOf(options).requestReset(options.email),

  /** Sets a new password with the code of the mail. */
  resetPassword: (
    options: Server & { readonly email: string; readonly code: string; readonly newPassword: string },
  ): Promise<void> => restOf(options).resetPassword(options.email, options.code, options.newPassword),
}
