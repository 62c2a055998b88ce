import type { Description } from './media.js'

/** An SDP of whatever client: an object as browsers have it, or the bare text. */
export function readDescription(type: Description['type'], sdp: unknown): Description {
  if (typeof sdp === 'string') return { type, sdp }
  const { sdp: text, origin } = (sdp ?? {}) as Partial<Record<string, unknown>>
  return { type, sdp: typeof text === 'string' ? text : '', ...(typeof origin === 'string' && { origin }) }
}

/**
 * Which peer connection made an SDP. An offer of another one, within a call, comes from a page that was loaded again: no
 * connection can go on with it. This library says it beside the SDP; other clients are known by the fingerprint of their
 * certificate (RFC 8122), which in browsers is each connection's own.
 */
export function originOf({ origin, sdp }: Description): string | undefined {
  return origin ?? /^a=fingerprint:\S+ (\S+)/m.exec(sdp)?.[1]?.toUpperCase()
}

/** Whether the side that made it wants to hear nothing: every medium is inactive, or sent only (RFC 3264 section 8.4). */
export function isHolding({ sdp }: Description): boolean {
  const media = sdp.split(/^m=/m).filter(section => /^(audio|video) /.test(section))
  return media.length > 0 && media.every(section => /^a=(inactive|sendonly)\s*$/m.test(section))
}

/** Whether the side that made it offers a picture: a video section that is not rejected (RFC 3264 section 6). */
export const offersVideo = ({ sdp }: Description): boolean => /^m=video (?!0 )/m.test(sdp)
