import { type Media, type Phone, Switchboard } from '@switchboard/client'
import WebSocket from 'ws'

/** Who stands behind a number, for this start of the server alone. */
export interface Credentials {
  readonly email: string
  readonly password: string
}

/** A phone of a scenario, with a network that the scenario can take away. */
export interface Line {
  readonly phone: Phone
  /** Loses its socket without a word, and finds no way back for so long. */
  loseSocket(forMs: number): void
}

/** Nobody listens at the discard port of this machine. */
const nowhere = 'ws://127.0.0.1:9'

/** Logs in over the server's own address, as any app would. */
export async function openLine(url: string, who: Credentials, media: Media | null): Promise<Line> {
  const sockets = new Set<WebSocket>()
  let isAway = false
  class Network extends WebSocket {
    constructor(to: string) {
      super(isAway ? nowhere : to)
      sockets.add(this)
      this.on('close', () => sockets.delete(this))
    }
  }
  const phone = await Switchboard.login({
    ...who,
    url,
    media,
    store: null,
    transport: { WebSocket: Network },
    reconnect: () => ({ retryInMs: 500 }),
  })
  return {
    phone,
    loseSocket(forMs) {
      isAway = true
      for (const socket of sockets) socket.terminate()
      setTimeout(() => {
        isAway = false
      }, forMs).unref()
    },
  }
}
