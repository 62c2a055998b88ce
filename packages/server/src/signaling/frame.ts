import { scanObject, type Up, type UpReason, up, wireLimits } from '@switchboard/protocol'
import { Compile } from 'typebox/compile'
import type { Payload } from '../exchange/call.js'

/** A client frame, checked; the payload in the client's own bytes. */
export interface Frame {
  readonly message: Up
  /** The JSON text of `SDP` or `CANDIDATE`, when the message has one. */
  readonly payload: Payload | undefined
}

/** A frame that is not acted on, with the `ID` it can be answered by, if any. */
export interface BadFrame {
  readonly fault: 'invalid_message' | 'too_large'
  readonly detail: string
  readonly id: string | undefined
  /** What it claims to be; undefined when it is no JSON object at all. */
  readonly reason: string | undefined
}

const checks = Object.fromEntries(
  Object.entries(up).map(([reason, schema]) => [reason, Compile(schema)]),
) as unknown as Record<UpReason, ReturnType<typeof Compile>>

const payloadOf: Partial<Record<UpReason, { member: string; most: number }>> = {
  call: { member: 'SDP', most: wireLimits.sdpBytes },
  callResponse: { member: 'SDP', most: wireLimits.sdpBytes },
  ICECandidate: { member: 'CANDIDATE', most: wireLimits.candidateBytes },
}

const unreadable = (detail: string): BadFrame => ({
  fault: 'invalid_message',
  detail,
  id: undefined,
  reason: undefined,
})

/** Reads one text frame: once, at the edge. What it returns is a known message of the right shape. */
export function readFrame(text: string): Frame | BadFrame {
  const members = scanObject(text, wireLimits.jsonDepth, wireLimits.jsonMembers)
  if (typeof members === 'string') return unreadable(faults[members])
  let value: Record<string, unknown>
  try {
    value = JSON.parse(text) as Record<string, unknown>
  } catch {
    return unreadable('not JSON')
  }
  const { ID, REASON } = value
  const id = typeof ID === 'string' && ID.length <= wireLimits.idLength && ID !== '' ? ID : undefined
  const bad = (detail: string, fault: BadFrame['fault'] = 'invalid_message'): BadFrame => ({
    fault,
    detail,
    id,
    reason: typeof REASON === 'string' ? REASON : '', // String() throws on {"toString":null}
  })
  if (typeof REASON !== 'string' || !Object.hasOwn(checks, REASON)) return bad('unknown REASON')
  if (ID !== undefined && id === undefined)
    return bad(`ID must be a string of 1 to ${wireLimits.idLength} characters`)
  const check = checks[REASON as UpReason]
  if (!check.Check(value)) {
    const [first] = check.Errors(value)
    return bad(first ? `${first.instancePath || '/'} ${first.message}` : 'not valid')
  }
  const message = value as unknown as Up
  const expected = payloadOf[message.REASON]
  const at = expected ? members.keys.indexOf(expected.member) : -1
  if (!expected || at === -1) return { message, payload: undefined }
  const payload = text.slice(members.starts[at], members.ends[at]) as Payload
  const size = sizeOf(value[expected.member], payload, expected.most)
  if (size > expected.most) return bad(`${expected.member} over ${expected.most} bytes`, 'too_large')
  return { message, payload }
}

/** Bytes of a payload: of the string itself when it is one, of its JSON otherwise. */
function sizeOf(value: unknown, raw: string, most: number): number {
  const text = typeof value === 'string' ? value : raw
  return text.length * 3 <= most ? text.length : Buffer.byteLength(text)
}

const faults = {
  not_an_object: 'not a JSON object',
  too_deep: `nested deeper than ${wireLimits.jsonDepth}`,
  too_many_members: `more than ${wireLimits.jsonMembers} members`,
  duplicate_member: 'a member is there twice',
} as const
