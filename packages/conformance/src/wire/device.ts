import { randomUUID } from 'node:crypto'
import { type Closed, type Frame, openWire, type Wire, type WireOptions } from './socket.js'

type Members = Readonly<Record<string, unknown>>

/** Whose device it is. */
export interface Holder {
  readonly phone_number: string
  readonly token: string
}

/** One device of a user, connected: it speaks the five messages and keeps what it is sent. */
export interface Device<Account extends Holder = Holder> {
  readonly account: Account
  /** The `connected` that the newest socket was answered with. */
  readonly hello: Frame
  readonly session: string
  readonly number: string
  readonly closed: Promise<Closed>
  readonly wire: Wire
  /** The highest `SEQ` received in this session. */
  readonly lastSeq: number
  call(to: string, sdp?: unknown, more?: Members): void
  accept(to: string, sdp?: unknown, more?: Members): void
  deny(to: string, more?: Members): void
  candidate(to: string, candidate: unknown, more?: Members): void
  hangUp(to: string, more?: Members): void
  next: Wire['next']
  until: Wire['until']
  send: Wire['send']
  /** Sends with a fresh `ID`; resolves with the `ack` or `error` that carries it. */
  ask(message: Members): Promise<Frame>
  /** What arrived before the server answered a message sent now: frames of one socket come in order. */
  fence(): Promise<Frame[]>
  /** Cuts the TCP connection, as a lost network does. */
  drop(): Promise<void>
  /** A new socket for the same session. */
  resume(more?: Members): Promise<Frame>
  /** A new socket with a plain `connect`. */
  reconnect(more?: Members): Promise<Frame>
}

/** An SDP that no other call has. */
export const freshSdp = (title = 'call') =>
  `v=0\r\no=- ${randomUUID()} 2 IN IP4 127.0.0.1\r\ns=${title}\r\nt=0 0\r\n`

/** A number that is well formed and belongs to nobody. */
const nobody = '000'

export interface DeviceOptions extends WireOptions {
  /** Told every SDP and candidate sent, so that logs can be searched for them. */
  readonly onPayload?: (text: string) => void
  /** Told every socket opened, so that a test's end can close it. */
  readonly onWire?: (wire: Wire) => void
}

/** Opens a socket and connects; rejects when the server closes it instead of answering `connected`. */
export async function connectDevice<Account extends Holder>(
  url: string | (() => string),
  account: Account,
  options: DeviceOptions = {},
): Promise<Device<Account>> {
  let lastSeq = 0
  const note = (value: unknown) => {
    if (typeof value === 'string' && value.length > 24) options.onPayload?.(value)
  }
  const open = async (more: Members = {}) => {
    const { onPayload: _, onWire, ...wireOptions } = options
    const opened = await openWire(typeof url === 'string' ? url : url(), wireOptions)
    onWire?.(opened)
    opened.send({ REASON: 'connect', TOKEN: account.token, ...more })
    return { wire: opened, hello: await opened.next('connected') }
  }
  let { wire, hello } = await open()
  const reopen = async (more: Members) => {
    ;({ wire, hello } = await open(more))
    if (hello.RESUMED !== true) lastSeq = 0
    return hello
  }

  const highest = () => {
    lastSeq = Math.max(lastSeq, wire.lastSeq)
    return lastSeq
  }
  const send = (message: unknown) => wire.send(message)
  const sent = (reason: string, to: string, members: Members, more: Members) =>
    send({
      REASON: reason,
      SENDER_PHONE_NUMBER: account.phone_number,
      RECEIVER_PHONE_NUMBER: to,
      ...members,
      ...more,
    })

  return {
    account,
    get hello() {
      return hello
    },
    get session() {
      return String(hello.SESSION)
    },
    get number() {
      return account.phone_number
    },
    get closed() {
      return wire.closed
    },
    get wire() {
      return wire
    },
    get lastSeq() {
      return highest()
    },
    call: (to, sdp = freshSdp('offer'), more = {}) => {
      note(sdp)
      sent('call', to, { SDP: sdp }, more)
    },
    accept: (to, sdp = freshSdp('answer'), more = {}) => {
      note(sdp)
      sent('callResponse', to, { RESPONSE: 'accept', SDP: sdp }, more)
    },
    deny: (to, more = {}) => sent('callResponse', to, { RESPONSE: 'deny', SDP: '' }, more),
    candidate: (to, value, more = {}) => {
      note(value)
      sent('ICECandidate', to, { CANDIDATE: value }, more)
    },
    hangUp: (to, more = {}) => sent('HangUp', to, {}, more),
    next: reason => wire.next(reason),
    until: (what, passes) => wire.until(what, passes),
    send,
    ask: message => {
      const id = randomUUID()
      send({ ...message, ID: id })
      return wire.pick(`the answer to ${JSON.stringify(message)}`, frame => frame.ID === id)
    },
    fence: async () => {
      const id = randomUUID()
      send({ REASON: 'HangUp', RECEIVER_PHONE_NUMBER: nobody, ID: id })
      const before: Frame[] = []
      await wire.until('the fence', frame => {
        if (frame.ID === id) return true
        if (!before.includes(frame)) before.push(frame)
        return false
      })
      return before
    },
    drop: async () => {
      highest()
      wire.socket.terminate()
      await wire.closed
    },
    resume: (more = {}) => reopen({ SESSION: String(hello.SESSION), LAST_SEQ: highest(), ...more }),
    reconnect: (more = {}) => reopen(more),
  }
}
