import type { DialectName } from '../load/dialects.js'
import { numberOf } from '../seed/people.js'
import { collector, inspectable } from './inspector.js'
import { startScript } from './script.js'
import type { System } from './system.js'
import { floorToken } from './tokens.js'

interface RelayKind {
  readonly name: string
  readonly file: string
  readonly dialect: DialectName
  readonly env?: Readonly<Record<string, string>>
}

/** What Switchboard is measured beside. */
export const relays = {
  floor: { name: 'ws, corked', file: 'floors/relay', dialect: 'switchboard', env: { CORK: 'on' } },
  uncorked: { name: 'ws, not corked', file: 'floors/relay', dialect: 'switchboard' },
  peerjs: { name: 'PeerJS', file: 'peers/peerjs', dialect: 'peerjs' },
  socketio: { name: 'socket.io', file: 'peers/socketio', dialect: 'socketio' },
} as const satisfies Record<string, RelayKind>

/** Starts a floor or a peer. */
export async function startRelay(kind: RelayKind, inspected = false): Promise<System> {
  const script = await startScript(kind.file, kind.env, inspected ? inspectable : [])
  return {
    name: kind.name,
    dialect: kind.dialect,
    ports: [script.port],
    processes: { server: [script.pid], database: [], bus: [] },
    accounts: async count =>
      Array.from({ length: count }, (_, n) => ({ number: numberOf(n), token: floorToken(numberOf(n)) })),
    collect: () => collector(script.output()),
    stop: script.stop,
  }
}
