import { isIPv4, isIPv6 } from 'node:net'

declare const brand: unique symbol
/** Whom a limit by address counts together: an IPv4 address, or an IPv6 network of 64 bits. */
export type AddressKey = string & { readonly [brand]: 'AddressKey' }

/** An address in the one spelling of ours. */
export interface Address {
  readonly family: 'ipv4' | 'ipv6'
  readonly text: string
}

/** Those whose address is not known share one key: nobody gains a limit of their own by hiding it. */
export const unknownAddress = 'unknown' as AddressKey

/**
 * Reads an address however it is written: with a zone, in brackets, with a port, in upper case, with or without `::`.
 * IPv4 inside IPv6 (mapped, RFC 4291 section 2.5.5.2, or behind the well-known NAT64 prefix, RFC 6052) is IPv4.
 */
export function readAddress(written: string): Address | undefined {
  const bare = withoutPort(written.trim()).replace(/%.*$/, '')
  // As Node writes IPv4 peers of a socket that listens on both.
  const dotted = /^::ffff:([\d.]+)$/i.exec(bare)?.[1] ?? bare
  if (isIPv4(dotted)) return { family: 'ipv4', text: dotted }
  if (!isIPv6(bare)) return undefined
  const groups = groupsOf(bare)
  const prefix = groups.slice(0, 6).map(hex).join(':')
  const [high = 0, low = 0] = groups.slice(6)
  if (prefix === '0:0:0:0:0:ffff' || prefix === '64:ff9b:0:0:0:0') {
    return { family: 'ipv4', text: [high >> 8, high & 255, low >> 8, low & 255].join('.') }
  }
  return { family: 'ipv6', text: groups.map(hex).join(':') }
}

export function keyOf(address: Address | undefined): AddressKey {
  if (address === undefined) return unknownAddress
  if (address.family === 'ipv4') return address.text as AddressKey
  return `${address.text.split(':').slice(0, 4).join(':')}::/64` as AddressKey
}

/** The key of an address as Node or a proxy writes it. */
export const addressKey = (written: string | undefined): AddressKey =>
  keyOf(written === undefined ? undefined : readAddress(written))

/** Some proxies write the port as well: `192.0.2.1:5000`, `[2001:db8::1]:5000`. */
const withoutPort = (written: string) =>
  /^\[([^\]]*)\](?::\d{1,5})?$/.exec(written)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(written)?.[1] ?? written

const hex = (group: number) => group.toString(16)

/** The eight groups of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const before = groupsIn(head)
  if (tail === undefined) return before
  const after = groupsIn(tail)
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

function groupsIn(part: string): number[] {
  if (part === '') return []
  return part.split(':').flatMap(group => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [(a << 8) | b, (c << 8) | d]
  })
}
