import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** What is known of the way a request came. */
export interface Way {
  /** The connection to us, or to the proxy of ours that says so, is TLS. */
  isEncrypted(request: IncomingMessage): boolean
  /** It came by a proxy of ours; what does not say "http" is taken for encrypted. */
  isProtected(request: IncomingMessage): boolean
}

/** Tells how requests came; what `X-Forwarded-Proto` says counts from the operator's proxies alone. */
export function createWay(trustProxy: readonly string[]): Way {
  const proxies = new BlockList()
  for (const entry of trustProxy) {
    const [address = '', bits] = entry.split('/')
    if (bits === undefined) proxies.addAddress(address, familyOf(address))
    else proxies.addSubnet(address, Number(bits), familyOf(address))
  }
  const cameByProxy = ({ socket }: IncomingMessage) => {
    const peer = socket.remoteAddress ?? ''
    return isIP(peer) !== 0 && proxies.check(peer, familyOf(peer))
  }
  const isTls = ({ socket }: IncomingMessage) => 'encrypted' in socket
  return {
    isEncrypted: request => isTls(request) || (forwarded(request) === 'https' && cameByProxy(request)),
    isProtected: request =>
      isTls(request) || ((forwarded(request) ?? 'https') === 'https' && cameByProxy(request)),
  }
}

/** The nearest proxy's word: each adds its own at the right. */
function forwarded({ headers }: IncomingMessage): string | undefined {
  const value = headers['x-forwarded-proto']
  return value === undefined ? undefined : [value].flat().join(',').split(',').at(-1)?.trim().toLowerCase()
}
