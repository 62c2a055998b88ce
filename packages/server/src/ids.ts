import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

/** What one id needs, and for how many it is fetched at once: asking for randomness costs more than the randomness. */
const idBytes = 16
const idsAtOnce = 256

/**
 * UUIDs of version 7 (RFC 9562 section 5.7), each larger than the one before, within a millisecond by a counter of 32
 * bits that begins at random (section 6.2, method 1).
 */
export function idMaker(now: () => number = Date.now): () => string {
  const pool = new Uint8Array(idBytes * idsAtOnce)
  let used = pool.length
  let msecs = Number.NEGATIVE_INFINITY
  let seq = 0

  return () => {
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    const random = pool.subarray(used, used + idBytes)
    used += idBytes
    const at = now()
    if (at > msecs) {
      msecs = at
      // Half of the range at most, so that the counter has room to go up.
      seq = new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1
    } else if (++seq > 0xffffffff) {
      msecs++
      seq = 0
    }
    return v7({ random, msecs, seq })
  }
}
