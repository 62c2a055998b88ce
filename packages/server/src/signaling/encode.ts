import {
  type CallId,
  type CallStanding,
  type Cause,
  type IceServer,
  type PhoneNumber,
  type SignalErrorCode,
  scanObject,
  wireLimits,
} from '@switchboard/protocol'
import type { Payload } from '../exchange/call.js'
import type { Tell } from '../exchange/effects.js'
import type { Standing } from '../exchange/exchange.js'

/**
 * A call message as it goes over the wire. Numbers and ids are the server's own canonical text and the payload is the
 * client's JSON, so the frame is joined, not serialised.
 */
export function encodeTell(tell: Tell, seq: number): string {
  const tail = `,"SEQ":${seq}}`
  if (tell.kind === 'ringing') {
    return `{"REASON":"ringing","CALL_ID":"${tell.callId}","RECEIVER_PHONE_NUMBER":"${tell.receiver}"${tail}`
  }
  const parties = `"CALL_ID":"${tell.callId}","SENDER_PHONE_NUMBER":"${tell.sender}","RECEIVER_PHONE_NUMBER":"${tell.receiver}"`
  switch (tell.kind) {
    case 'candidate':
      return `{"REASON":"ICECandidate",${parties},"CANDIDATE":${tell.candidate}${tail}`
    case 'call':
      return `{"REASON":"call",${parties},"SDP":${tell.sdp},"AGE_MS":${tell.ageMs}${tail}`
    case 'callResponse': {
      const sdp = tell.sdp === undefined ? '' : `,"SDP":${tell.sdp}`
      return `{"REASON":"callResponse","RESPONSE":"${tell.response}",${parties}${sdp}${tail}`
    }
    case 'hangUp':
      return `{"REASON":"HangUp",${parties},"CAUSE":"${tell.cause}"${tail}`
  }
}

/** What `encodeTell` made, the payload in the client's own bytes again; undefined for a frame that is of no call. */
export function decodeTell(frame: string): Tell | undefined {
  const members = scanObject(frame, wireLimits.jsonDepth, wireLimits.jsonMembers)
  if (typeof members === 'string') return undefined
  const raw = (name: string) => {
    const at = members.keys.indexOf(name)
    return at === -1 ? undefined : (frame.slice(members.starts[at], members.ends[at]) as Payload)
  }
  const text = (name: string) => JSON.parse(raw(name) ?? 'null') as unknown
  const callId = text('CALL_ID') as CallId | null
  if (callId === null) return undefined
  const receiver = text('RECEIVER_PHONE_NUMBER') as PhoneNumber
  const parties = { callId, sender: text('SENDER_PHONE_NUMBER') as PhoneNumber, receiver }
  const sdp = raw('SDP')
  switch (text('REASON')) {
    case 'ringing':
      return { kind: 'ringing', callId, receiver }
    case 'ICECandidate':
      return { kind: 'candidate', ...parties, candidate: raw('CANDIDATE') ?? ('null' as Payload) }
    case 'call':
      return { kind: 'call', ...parties, sdp: sdp ?? ('null' as Payload), ageMs: text('AGE_MS') as number }
    case 'callResponse':
      return { kind: 'callResponse', ...parties, response: text('RESPONSE') as 'accept' | 'deny', sdp }
    default:
      return { kind: 'hangUp', ...parties, cause: text('CAUSE') as Cause }
  }
}

export const encodeAck = (id: string, seq: number) =>
  `{"REASON":"ack","ID":${JSON.stringify(id)},"SEQ":${seq}}`

/** Without `seq` before the session exists. */
export const encodeError = (code: SignalErrorCode, detail: string, id: string | undefined, seq?: number) =>
  JSON.stringify({ REASON: 'error', CODE: code, MESSAGE: detail, ID: id, SEQ: seq })

export interface Welcome {
  readonly phoneNumber: string
  readonly session: string
  readonly resumed: boolean
  readonly iceServers: readonly IceServer[]
  readonly heartbeatMs: number
  readonly calls: readonly Standing[]
}

export const encodeConnected = (welcome: Welcome) =>
  JSON.stringify({
    REASON: 'connected',
    PHONE_NUMBER: welcome.phoneNumber,
    SESSION: welcome.session,
    RESUMED: welcome.resumed,
    ICE_SERVERS: welcome.iceServers,
    HEARTBEAT_SECONDS: welcome.heartbeatMs / 1000,
    CALLS: welcome.calls.map(presentStanding),
  })

const presentStanding = (standing: Standing): CallStanding => ({
  CALL_ID: standing.callId,
  SENDER_PHONE_NUMBER: standing.caller,
  RECEIVER_PHONE_NUMBER: standing.callee,
  STATE: standing.state,
  HERE: standing.here,
})
