import { limits } from '../limits.js'
import type { AddressKey } from './addresses.js'

/** A socket's place among those of its address. Both may be said twice and in any order. */
export interface SocketSeat {
  /** The socket has said who it is. */
  authenticated(): void
  /** The socket is closed. */
  release(): void
}

/** The open sockets of an address, and those of them that have not said who they are. */
interface Count {
  open: number
  unauthenticated: number
}

/** A class: there is one for every socket. */
class CountedSeat implements SocketSeat {
  readonly #counts: Map<AddressKey, Count>
  readonly #address: AddressKey
  readonly #count: Count
  #isKnown = false
  #isOpen = true

  constructor(counts: Map<AddressKey, Count>, address: AddressKey, count: Count) {
    this.#counts = counts
    this.#address = address
    this.#count = count
  }

  authenticated() {
    if (this.#isKnown) return
    this.#isKnown = true
    this.#count.unauthenticated -= 1
  }

  release() {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.authenticated()
    this.#count.open -= 1
    if (this.#count.open === 0) this.#counts.delete(this.#address)
  }
}

/** Counts the open sockets of every address, and those of them that have not said who they are. */
export function createSocketSeats(
  onRefused: (kind: 'sockets', who: { readonly address: AddressKey }) => void,
) {
  const { perAddress, unauthenticatedPerAddress } = limits.rates.sockets
  const counts = new Map<AddressKey, Count>()

  return {
    /** Undefined: the address has too many. */
    take(address: AddressKey): SocketSeat | undefined {
      const count = counts.get(address) ?? { open: 0, unauthenticated: 0 }
      if (count.open >= perAddress || count.unauthenticated >= unauthenticatedPerAddress) {
        onRefused('sockets', { address })
        return undefined
      }
      counts.set(address, count)
      count.open += 1
      count.unauthenticated += 1
      return new CountedSeat(counts, address, count)
    },
    addresses: () => counts.size,
  }
}
