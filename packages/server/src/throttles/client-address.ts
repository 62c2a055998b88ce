import { BlockList } from 'node:net'
import { type AddressKey, keyOf, readAddress } from './addresses.js'

/** Tells whose request it is, by the peer of its connection and its `X-Forwarded-For`. */
export type ClientAddress = (
  remoteAddress: string | undefined,
  forwardedFor: string | readonly string[] | undefined,
) => AddressKey

/**
 * From the peer leftwards through `X-Forwarded-For`, the first that is no proxy of ours: whatever stands further left
 * the client may have written itself. Without proxies the header says nothing.
 */
export function createClientAddress(trustProxy: readonly string[]): ClientAddress {
  const proxies = proxyList(trustProxy)

  return (remoteAddress, forwardedFor = '') => {
    const peer = readAddress(remoteAddress ?? '')
    if (trustProxy.length === 0) return keyOf(peer)
    const hops = [forwardedFor].flat().join(',').split(',')
    let client = peer
    while (client && proxies.check(client.text, client.family)) {
      const hop = hops.pop()?.trim()
      if (!hop) break // the proxy asks for itself
      client = readAddress(hop) // what a proxy of ours wrote and nobody can read is an unknown address
    }
    return keyOf(client)
  }
}

function proxyList(trustProxy: readonly string[]): BlockList {
  const proxies = new BlockList()
  for (const entry of trustProxy) {
    const [written = '', bits] = entry.split('/')
    const address = readAddress(written)
    if (!address) continue // the configuration has refused it
    const { family, text } = address
    if (bits === undefined) proxies.addAddress(text, family)
    else if (family === 'ipv6') proxies.addSubnet(text, Number(bits), family)
    // A network of IPv4 addresses may be written in IPv6: its first 96 bits are the prefix.
    else
      proxies.addSubnet(text, written.includes(':') ? Math.max(0, Number(bits) - 96) : Number(bits), family)
  }
  return proxies
}
