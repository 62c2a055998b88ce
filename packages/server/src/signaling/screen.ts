import { isIP } from 'node:net'
import type { Payload } from '../exchange/call.js'
import type { Screen } from '../exchange/screen.js'

/**
 * What strangers may see of each other's SDP and candidates: relays, and no other address (RFC 8828 section 5.2,
 * mode 4). The relay's own related address would tell what is behind it, so it is blanked (RFC 8839 section 5.1).
 */
export const relayOnlyScreen: Screen = {
  sdp: payload => mapText(payload, screenSdp) ?? payload,
  candidate: payload => mapText(payload, screenCandidate),
}

/**
 * Applies `screen` to the text in a payload: a string, a string of JSON, or the object that browsers make. Of an
 * object only the members that browsers set are kept, whatever else it carries. Undefined: nothing may pass.
 */
function mapText(payload: Payload, screen: (text: string) => string | undefined): Payload | undefined {
  const value = JSON.parse(payload) as unknown
  if (value === null) return payload // the end of candidates; a deny without SDP
  const screened = screenValue(value, screen)
  return screened === undefined ? undefined : (JSON.stringify(screened) as Payload)
}

const textMembers = ['sdp', 'candidate'] as const
const otherMembers = ['type', 'sdpMid', 'sdpMLineIndex', 'usernameFragment'] as const

function screenValue(value: unknown, screen: (text: string) => string | undefined): unknown {
  if (typeof value === 'string') {
    const inner = asObject(value)
    if (!inner) return screen(value)
    const screened = screenValue(inner, screen)
    return screened === undefined ? undefined : JSON.stringify(screened)
  }
  const members = value as Record<string, unknown>
  const kept: Record<string, unknown> = {}
  for (const name of otherMembers) {
    const member = members[name]
    if (typeof member === 'string' || typeof member === 'number') kept[name] = member
  }
  for (const name of textMembers) {
    const text = members[name]
    if (typeof text !== 'string') continue
    const screened = screen(text)
    if (screened === undefined) return undefined
    kept[name] = screened
  }
  return kept
}

function asObject(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

const isRelay = (candidate: string) => / typ relay(?= |$)/m.test(candidate)
const blankRelated = (candidate: string) =>
  candidate.replace(/ raddr \S+ rport \S+/, ' raddr 0.0.0.0 rport 0')

function screenCandidate(text: string): string | undefined {
  if (text === '') return text // the end of candidates of one generation
  if (!isRelay(text)) return undefined
  return text.includes('\n') ? screenSdp(text) : blankRelated(text) // several at once (RFC 8840)
}

const screenSdp = (text: string): string =>
  text
    .split('\n')
    .flatMap(line => {
      if (!/^(?:a=)?candidate:/.test(line)) return blankAddresses(line)
      const candidate = screenCandidate(line.trimEnd())
      return candidate === undefined ? [] : `${candidate}${line.endsWith('\r') ? '\r' : ''}`
    })
    .join('\n')

/** Every other line: `c=`, `o=`, `a=rtcp:`, `a=remote-candidates:`, and text that is no SDP at all. */
function blankAddresses(line: string): string {
  if (line.startsWith('a=fingerprint:')) return line // hexadecimal with colons, and the anchor of media's trust
  return line.replace(/[0-9a-fA-F:.]{3,}/g, word => {
    if (isIP(word) === 4) return '0.0.0.0'
    return isIP(word) === 6 ? '::' : word
  })
}
