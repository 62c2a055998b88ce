import type { Description } from './media.js'

/** An SDP of whatever client: an object as browsers have it, or the bare text. */
export function readDescription(type: Description['type'], sdp: unknown): Description {
  if (typeof sdp === 'string') return { type, sdp }
  const text = (sdp as { sdp?: unknown } | null | undefined)?.sdp
  return { type, sdp: typeof text === 'string' ? text : '' }
}

/**
 * Which peer connection made an SDP: RFC 8829 section 5.2.2 keeps the id of `o=` for the life of one. An offer by another
 * one, within a call, comes from a page that was loaded again: no connection can go on with it.
 */
export function originOf({ sdp }: Description): string | undefined {
  return /^o=\S+ (\S+) /m.exec(sdp)?.[1]
}

/** Whether the side that made it wants to hear nothing: every medium is inactive, or sent only (RFC 3264 section 8.4). */
export function isHolding({ sdp }: Description): boolean {
  const media = sdp
    .split(/^m=/m)
    .slice(1)
    .filter(section => /^(audio|video) [1-9]/.test(section))
  return media.length > 0 && media.every(section => /^a=(inactive|sendonly)\s*$/m.test(section))
}
