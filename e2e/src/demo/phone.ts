import { once } from 'node:events'
import WebSocket from 'ws'
import type { Frame } from '../wire.js'
import type { Narrator } from './narrator.js'
import { createPeer, type Peer } from './peer.js'

/** A phone that speaks the seed's five messages and nothing else; its peer carries what the call is for. */
export interface Phone {
  readonly peer: Peer
  connect(token: string): Promise<void>
  /** Calls a number: offer, then candidates as they are found. */
  call(number: string): Promise<void>
  /** Answers the call that rings. */
  accept(): Promise<void>
  hangUp(): void
  /** The first message of a kind. */
  heard(reason: string): Promise<Frame>
  close(): Promise<void>
}

export interface PhoneOptions {
  readonly name: string
  readonly number: string
  readonly url: string
  readonly narrator: Narrator
  /** A network that lets no candidate through, to show that the demo notices. */
  readonly dropCandidates: boolean
  readonly onError: (error: Error) => void
}

const kib = (text: unknown) => `${(String(text).length / 1024).toFixed(1)} KiB`
const plural = (count: number) => `${count} candidate${count === 1 ? '' : 's'}`

export function createPhone({ name, number, url, narrator, dropCandidates, onError }: PhoneOptions): Phone {
  const socket = new WebSocket(url)
  const first = new Map<string, Frame>()
  const waiting = new Map<string, (frame: Frame) => void>()
  let other = ''
  let found = 0
  let taken = 0
  let done: Promise<void> = Promise.resolve()

  const send = (reason: string, members: object) =>
    socket.send(
      JSON.stringify({
        REASON: reason,
        SENDER_PHONE_NUMBER: number,
        RECEIVER_PHONE_NUMBER: other,
        ...members,
      }),
    )
  const peer = createPeer(candidate => {
    if (candidate) found++
    else narrator.step(name, '→ ICECandidate', `${plural(found)}${dropCandidates ? ', lost on the way' : ''}`)
    if (!dropCandidates) send('ICECandidate', { CANDIDATE: candidate })
  })

  const listeners: Record<string, (frame: Frame) => void | Promise<void>> = {
    connected: ({ PHONE_NUMBER }) => narrator.step(name, '← connected', `as ${String(PHONE_NUMBER)}`),
    ringing: ({ RECEIVER_PHONE_NUMBER }) =>
      narrator.step(name, '← ringing', `at ${String(RECEIVER_PHONE_NUMBER)}`),
    call: ({ SENDER_PHONE_NUMBER, SDP }) => {
      other = String(SENDER_PHONE_NUMBER)
      narrator.step(name, '← call', `from ${other}, SDP of ${kib(SDP)}`)
    },
    callResponse: async ({ RESPONSE, SDP }) => {
      narrator.step(name, '← callResponse', `${String(RESPONSE)}, SDP of ${kib(SDP)}`)
      if (RESPONSE === 'accept') await peer.takeAnswer(String(SDP))
    },
    ICECandidate: async ({ CANDIDATE }) => {
      if (CANDIDATE === null) narrator.step(name, '← ICECandidate', plural(taken))
      else {
        taken++
        await peer.takeCandidate(CANDIDATE)
      }
    },
    HangUp: ({ CAUSE }) => narrator.step(name, '← HangUp', String(CAUSE)),
    error: ({ CODE, MESSAGE }) => {
      throw new Error(`the server refused a message of ${name}: ${String(CODE)} (${String(MESSAGE)})`)
    },
  }
  const hear = async (frame: Frame) => {
    await listeners[frame.REASON]?.(frame)
    if (!first.has(frame.REASON)) first.set(frame.REASON, frame)
    waiting.get(frame.REASON)?.(frame)
  }
  // One after the other, as they came: a candidate may not overtake the description it belongs to.
  socket.on('message', (data: Buffer) => {
    done = done.then(() => hear(JSON.parse(data.toString('utf8')) as Frame)).catch(onError)
  })
  socket.on('error', onError)

  const heard = (reason: string) =>
    new Promise<Frame>(resolve => {
      const frame = first.get(reason)
      if (frame) resolve(frame)
      else waiting.set(reason, resolve)
    })

  return {
    peer,
    heard,
    connect: async token => {
      if (socket.readyState !== WebSocket.OPEN) await once(socket, 'open')
      narrator.step(name, '→ connect')
      socket.send(JSON.stringify({ REASON: 'connect', TOKEN: token }))
      await heard('connected')
    },
    call: async to => {
      other = to
      const sdp = await peer.offer()
      narrator.step(name, '→ call', `${to}, SDP of ${kib(sdp)}`)
      send('call', { SDP: sdp })
      await peer.gather()
    },
    accept: async () => {
      const { SDP } = await heard('call')
      const sdp = await peer.answer(String(SDP))
      await peer.gather() // its candidates wait at the server until the answer
      narrator.step(name, '→ callResponse', `accept, SDP of ${kib(sdp)}`)
      send('callResponse', { RESPONSE: 'accept', SDP: sdp })
    },
    hangUp: () => {
      narrator.step(name, '→ HangUp')
      send('HangUp', {})
    },
    close: async () => {
      await peer.close()
      if (socket.readyState === WebSocket.CLOSED) return
      socket.close()
      await once(socket, 'close')
    },
  }
}
