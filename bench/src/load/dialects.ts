import { candidate, sdp } from './payloads.js'

/** Somebody with a place at the server. */
export interface Account {
  /** The phone number; for the peers their id. */
  readonly number: string
  readonly token: string
}

/** What can be told from a server's frame by a byte or two of it. */
export type Kind = 'ready' | 'offer' | 'answer' | 'candidate' | 'bye' | 'ping' | 'fault' | 'other'
export type Said = 'offer' | 'answer' | 'candidate' | 'bye'

/** How one kind of server is spoken to. */
export interface Dialect {
  path(account: Account): string
  /** The first frame; none: the server greets whoever comes. */
  hello(account: Account): string | undefined
  kindOf(data: Buffer, start: number, end: number): Kind
  say(said: Said, from: string, to: string): string
  readonly pong?: string
}

export type DialectName = 'switchboard' | 'peerjs' | 'socketio'

const at = (text: string, index: number) => text.charCodeAt(index)

/** The seed's protocol; the floors speak it as well. */
const switchboard: Dialect = {
  path: () => '/',
  hello: ({ token }) => JSON.stringify({ REASON: 'connect', TOKEN: token }),
  kindOf(data, start) {
    // {"REASON":"x
    switch (data[start + 11]) {
      case at('I', 0):
        return 'candidate'
      case at('H', 0):
        return 'bye'
      case at('e', 0):
        return 'fault'
      case at('c', 0):
        if (data[start + 12] === at('o', 0)) return 'ready'
        return data[start + 15] === at('R', 0) ? 'answer' : 'offer'
      default:
        return 'other'
    }
  },
  say(said, from, to) {
    const parties = { SENDER_PHONE_NUMBER: from, RECEIVER_PHONE_NUMBER: to }
    switch (said) {
      case 'offer':
        return JSON.stringify({ REASON: 'call', ...parties, SDP: sdp })
      case 'answer':
        return JSON.stringify({ REASON: 'callResponse', RESPONSE: 'accept', ...parties, SDP: sdp })
      case 'candidate':
        return JSON.stringify({ REASON: 'ICECandidate', ...parties, CANDIDATE: candidate })
      case 'bye':
        return JSON.stringify({ REASON: 'HangUp', ...parties })
    }
  },
}

const payloadOf = { offer: { sdp }, answer: { sdp }, candidate: { candidate }, bye: {} }
const peerjsType = { offer: 'OFFER', answer: 'ANSWER', candidate: 'CANDIDATE', bye: 'LEAVE' }

const peerjs: Dialect = {
  path: ({ number, token }) => `/peerjs?key=peerjs&id=${number}&token=${token}&version=1.5.4`,
  hello: () => undefined,
  kindOf(data, start) {
    // {"type":"X
    switch (data[start + 9]) {
      case at('O', 0):
        return data[start + 10] === at('P', 0) ? 'ready' : 'offer'
      case at('A', 0):
        return 'answer'
      case at('C', 0):
        return 'candidate'
      case at('L', 0):
        return 'bye'
      case at('E', 0):
      case at('I', 0):
        return 'fault'
      default:
        return 'other'
    }
  },
  say: (said, _from, to) => JSON.stringify({ type: peerjsType[said], dst: to, payload: payloadOf[said] }),
}

const socketio: Dialect = {
  path: () => '/socket.io/?EIO=4&transport=websocket',
  hello: ({ token }) => `40${JSON.stringify({ token })}`,
  kindOf(data, start) {
    if (data[start] === at('2', 0)) return 'ping'
    if (data[start] !== at('4', 0)) return 'other'
    if (data[start + 1] === at('0', 0)) return 'ready'
    if (data[start + 1] === at('4', 0)) return 'fault'
    // 42["x
    switch (data[start + 4]) {
      case at('o', 0):
        return 'offer'
      case at('a', 0):
        return 'answer'
      case at('c', 0):
        return 'candidate'
      case at('b', 0):
        return 'bye'
      default:
        return 'other'
    }
  },
  say: (said, from, to) => `42${JSON.stringify([said, { from, to, payload: payloadOf[said] }])}`,
  pong: '3',
}

export const dialects: Record<DialectName, Dialect> = { switchboard, peerjs, socketio }
