import type { CallStanding, IceServer, SignalErrorCode } from '@switchboard/protocol'
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
