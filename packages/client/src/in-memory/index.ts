import type { Connect, CreateUserBody, ErrorDown, UserView } from '@switchboard/protocol'
import { closeEvents } from '@switchboard/protocol/close-events'
import type { Said } from '../signaling/messages.js'
import type { Transport, WebSocketLike } from '../transport.js'
import { createDevice, type Device, type Wire } from './devices.js'
import { createExchange } from './exchange.js'
import { createPeople, type Person, Refused } from './people.js'
import { answerRest } from './rest.js'

/** As it is now: the timers that a test fakes later stand still. */
const later = globalThis.setTimeout

/** A server in memory: what an app's tests need of one, in the same process and at once. */
export interface InMemoryServer {
  /** For `Switchboard.login`, with `transport`. Nothing listens there. */
  readonly url: string
  readonly transport: Transport
  register(user: CreateUserBody): UserView
  /** Cuts the sockets of a number, as a lost network does; clients come back and resume. */
  cut(number: string): void
}

/** Makes one. It keeps the protocol's rules for calls, and has no limits, timers, mail and media relays. */
export function createInMemoryServer(now: () => Date = () => new Date()): InMemoryServer {
  const people = createPeople()
  const devices = new Map<string, Device>()
  const devicesOf = (person: Person) => [...devices.values()].filter(each => each.person === person)
  const exchange = createExchange(people, devicesOf, now)
  let sessions = 0

  function forget(device: Device) {
    devices.delete(device.session)
    exchange.left(device)
  }
  function revoke(isDead: (token: string, person: Person) => boolean) {
    people.revoke(isDead)
    for (const device of [...devices.values()]) {
      if (!isDead(device.token, device.person)) continue
      device.close('revoked')
      forget(device)
    }
  }
  const rest = {
    people,
    exchange,
    isReachable: (person: Person) => devicesOf(person).length > 0,
    revoke,
    now,
  }

  const greet = (device: Device, wire: Wire, resumed: boolean) =>
    wire.deliver({
      REASON: 'connected',
      PHONE_NUMBER: device.person.phone_number,
      SESSION: device.session,
      RESUMED: resumed,
      ICE_SERVERS: [],
      HEARTBEAT_SECONDS: 25,
      CALLS: exchange.standings(device),
    })

  function connect({ TOKEN, SESSION, LAST_SEQ }: Connect, wire: Wire): Device | undefined {
    const person = people.of(TOKEN)
    if (!person) {
      const { code, reason } = closeEvents.unauthenticated
      wire.close(code, reason)
      return undefined
    }
    const before = devices.get(SESSION ?? '')
    const resumed = before?.person === person && LAST_SEQ !== undefined && before.knows(LAST_SEQ)
    if (before && before.wire !== wire) before.close('displaced')
    const device = resumed ? before : createDevice(`in-memory-session-${++sessions}`, person, TOKEN, wire)
    if (!resumed) {
      if (before) devices.delete(before.session)
      devices.set(device.session, device)
    }
    if (resumed) {
      greet(device, wire, true)
      device.resume(wire, LAST_SEQ)
      return device
    }
    device.wire = undefined
    exchange.arrived(device, before)
    greet(device, wire, false)
    device.resume(wire, 0)
    return device
  }

  function heard(device: Device, message: Said) {
    const id = message.ID === undefined ? {} : { ID: message.ID }
    try {
      exchange.say(device, message)
      if (message.ID !== undefined) device.tell({ REASON: 'ack', ID: message.ID })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      device.tell({ REASON: 'error', CODE: error.code as ErrorDown['CODE'], MESSAGE: error.code, ...id })
    }
  }

  class InMemorySocket implements WebSocketLike {
    onopen: ((event: never) => void) | null = null
    onmessage: ((event: never) => void) | null = null
    onclose: ((event: never) => void) | null = null
    onerror: ((event: never) => void) | null = null
    #device: Device | undefined
    #open = true
    readonly #wire: Wire = {
      deliver: frame => this.#later(() => this.onmessage?.({ data: JSON.stringify(frame) } as never)),
      close: (code, reason) => this.#later(() => this.#end(code, reason)),
    }

    constructor() {
      this.#later(() => this.onopen?.({} as never))
    }

    send(text: string) {
      const message = JSON.parse(text) as Connect | Said
      this.#later(() => {
        if (message.REASON !== 'connect') return this.#device && heard(this.#device, message)
        // A later one renews the token.
        if (this.#device) greet(this.#device, this.#wire, true)
        else this.#device = connect(message, this.#wire)
      })
    }

    close() {
      this.#end(1005, '')
    }

    /** The network goes, without a goodbye. */
    terminate() {
      this.#end(1006, '')
    }

    #end(code: number, reason: string) {
      if (!this.#open) return
      this.#open = false
      if (this.#device?.wire === this.#wire) this.#device.wire = undefined
      this.onclose?.({ code, reason } as never)
    }

    /** Not at once: what is sent is on its way for a moment, and in order. */
    #later(run: () => void) {
      later(() => this.#open && run(), 0)
    }
  }

  const fetch = async (url: string, { method = 'GET', headers, body }: RequestInit = {}) => {
    const { pathname } = new URL(url)
    const token = new Headers(headers).get('authorization')?.replace(/^Bearer /, '')
    try {
      const view = answerRest(rest, `${method} ${pathname}`, JSON.parse(String(body ?? '{}')), token)
      return view === undefined ? new Response(null, { status: 204 }) : Response.json(view)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const { code, status } = error
      return Response.json({ type: 'about:blank', title: code, detail: code, code, status }, { status })
    }
  }

  return {
    url: 'http://in.memory',
    transport: { WebSocket: InMemorySocket, fetch: fetch as Transport['fetch'] },
    register: user => answerRest(rest, 'POST /create_user', { ...user }, undefined) as UserView,
    cut(number) {
      const person = people.withNumber(number)
      for (const device of person ? devicesOf(person) : []) device.wire?.close(1006, '')
    },
  }
}
