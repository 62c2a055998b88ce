import { readFile } from 'node:fs/promises'
import type { Device } from '../device.js'

/** What the kernel holds of one TCP connection. */
export interface KernelSocket {
  readonly localPort: number
  readonly remoteAddress: string
  readonly remotePort: number
  readonly established: boolean
  readonly unsent: number
  readonly unread: number
}

/** IPv4 sockets as `/proc/net/tcp` tells them. */
export async function kernelSockets(): Promise<KernelSocket[]> {
  const [, ...lines] = (await readFile('/proc/net/tcp', 'utf8')).trim().split('\n')
  return lines.map(line => {
    const [, local = '', remote = '', state = '', queues = ''] = line.trim().split(/\s+/)
    const [unsent = '', unread = ''] = queues.split(':')
    return {
      localPort: portIn(local),
      remoteAddress: addressIn(remote),
      remotePort: portIn(remote),
      established: state === '01',
      unsent: Number.parseInt(unsent, 16),
      unread: Number.parseInt(unread, 16),
    }
  })
}

const portIn = (text: string) => Number.parseInt(text.split(':')[1] ?? '', 16)

/** Written as one number of the machine's own byte order: little-endian wherever this runs. */
const addressIn = (text: string) =>
  [6, 4, 2, 0].map(at => Number.parseInt(text.slice(at, at + 2), 16)).join('.')

export interface Ports {
  readonly localPort: number
  readonly remotePort: number
}

/** The two ports of a device's connection, as the device sees them. */
export function portsOf({ wire }: Device): Ports {
  const { localPort, remotePort } = (wire.socket as unknown as { _socket: Ports })._socket
  return { localPort, remotePort }
}

/** Both ends of a connection within this machine. */
export async function endsOf({ localPort, remotePort }: Ports) {
  const sockets = await kernelSockets()
  const from = (local: number, remote: number) =>
    sockets.find(each => each.localPort === local && each.remotePort === remote)
  return { server: from(remotePort, localPort), client: from(localPort, remotePort) }
}

/** The server's end is no longer established: a client that does not read cannot see that for itself. */
export async function isCut(ports: Ports): Promise<boolean> {
  const { server } = await endsOf(ports)
  return server === undefined || !server.established
}
