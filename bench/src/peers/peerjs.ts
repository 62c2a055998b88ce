import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { PeerServer } from 'peer'

// PeerJS's own server with its limits out of the way. It authenticates nobody.
PeerServer(
  {
    port: 0,
    host: '127.0.0.1',
    path: '/',
    alive_timeout: 86_400_000,
    concurrent_limit: 100_000,
  },
  server => {
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
  },
)

// Whoever started us is gone.
process.stdin.resume().on('end', () => process.exit())
