import type { Down } from '@switchboard/protocol'
import { closeEvents } from '@switchboard/protocol/close-events'
import type { Person } from './people.js'

/** The server's end of a socket. */
export interface Wire {
  deliver(frame: object): void
  close(code: number, reason: string): void
}

type Unnumbered<Frame> = Frame extends { readonly SEQ?: unknown } ? Omit<Frame, 'SEQ'> : never
/** A message of the server, before it is numbered. */
export type Tell = Unnumbered<Down>

/** A device's session: numbers what it is sent, and keeps it for who comes back. */
export interface Device {
  readonly session: string
  readonly person: Person
  readonly token: string
  wire: Wire | undefined
  tell(frame: Tell): void
  /** Over another socket from here on; what followed `lastSeq` is sent again. */
  resume(wire: Wire, lastSeq: number): void
  /** Whether it can go on from there. */
  knows(lastSeq: number): boolean
  close(event: keyof typeof closeEvents): void
}

export function createDevice(session: string, person: Person, token: string, wire: Wire): Device {
  const told: object[] = []
  const device: Device = {
    session,
    person,
    token,
    wire,
    tell(frame) {
      const numbered = { ...frame, SEQ: told.length + 1 }
      told.push(numbered)
      device.wire?.deliver(numbered)
    },
    knows: lastSeq => lastSeq <= told.length,
    resume(next, lastSeq) {
      device.wire = next
      for (const frame of told.slice(lastSeq)) next.deliver(frame)
    },
    close(event) {
      const { code, reason } = closeEvents[event]
      device.wire?.close(code, reason)
      device.wire = undefined
    },
  }
  return device
}
