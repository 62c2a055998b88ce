import { limits } from '../limits.js'
import type { AddressKey } from './addresses.js'

/** A socket's place among those of its address. Both may be said twice and in any order. */
export interface SocketSeat {
  /** The socket has said who it is. */
  authenticated(): void
  /** The socket is closed. */
  release(): void
}

/** Counts the open sockets of every address, and those of them that have not said who they are. */
export function createSocketSeats(
  onRefused: (kind: 'sockets', who: { readonly address: AddressKey }) => void,
) {
  const { perAddress, unauthenticatedPerAddress } = limits.rates.sockets
  const counts = new Map<AddressKey, { open: number; unauthenticated: number }>()

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
      let isKnown = false
      let isOpen = true
      const authenticated = () => {
        if (isKnown) return
        isKnown = true
        count.unauthenticated -= 1
      }
      return {
        authenticated,
        release() {
          if (!isOpen) return
          isOpen = false
          authenticated()
          count.open -= 1
          if (count.open === 0) counts.delete(address)
        },
      }
    },
    addresses: () => counts.size,
  }
}
