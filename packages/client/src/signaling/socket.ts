import type { Down } from '@switchboard/protocol'
import type { Transport } from '../transport.js'
import { readFrame } from './messages.js'

export interface SocketEvents {
  open(): void
  frame(frame: Down): void
  /** Once, however it ended; without a code when the network went or nobody answered. */
  lost(code?: number, reason?: string): void
}

/** One WebSocket from its opening to its end; silent after that, whatever the platform still delivers. */
export interface Socket {
  send(message: object): void
  /** Lets go of it: a dead network answers no goodbye, so nobody waits for one. */
  drop(): void
}

export function openSocket(url: string, { WebSocket }: Transport, events: SocketEvents): Socket {
  const socket = new WebSocket(url)
  let over = false
  const end = (code?: number, reason?: string) => {
    if (over) return
    over = true
    events.lost(code, reason)
  }
  socket.onopen = () => over || events.open()
  socket.onmessage = ({ data }: { data: unknown }) => {
    const frame = over ? undefined : readFrame(data)
    if (frame) events.frame(frame)
  }
  socket.onclose = ({ code, reason }: { code: number; reason: string }) => end(code, reason)
  socket.onerror = () => {} // the close that follows says what matters
  return {
    send: message => socket.send(JSON.stringify(message)),
    drop() {
      over = true
      socket.close()
    },
  }
}
