import type { Connect, ConnectedDown, Down, Up } from '@switchboard/protocol'

/** What is said within a connection: everything but `connect`, which the link says itself. */
export type Said = Exclude<Up, Connect>

/** What the link hands on: `ack` and `error` it keeps for itself, for they answer what was said. */
export type Heard = Exclude<Down, ConnectedDown | { readonly REASON: 'ack' | 'error' }>

/** A frame of the server, or undefined for what is none. */
export function readFrame(data: unknown): Down | undefined {
  try {
    const frame = JSON.parse(String(data)) as Down | null
    return typeof frame?.REASON === 'string' ? frame : undefined
  } catch {
    return undefined
  }
}
