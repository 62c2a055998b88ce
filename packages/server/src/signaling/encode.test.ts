import type { CallId, PhoneNumber } from '@switchboard/protocol'
import { describe, expect, test } from 'vitest'
import type { Payload } from '../exchange/call.js'
import type { Tell } from '../exchange/effects.js'
import { decodeTell, encodeAck, encodeError, encodeTell } from './encode.js'

const parties = {
  callId: '0190' as CallId,
  sender: '1234567890' as PhoneNumber,
  receiver: '+1212121212' as PhoneNumber,
}
const sdp = '{"type":"offer", "sdp":"v=0\\r\\n\\u0041 {\\"x\\"}","n":1e400}' as Payload
const tells: readonly Tell[] = [
  { kind: 'ringing', callId: parties.callId, receiver: parties.receiver },
  { kind: 'call', ...parties, sdp, ageMs: 17 },
  { kind: 'callResponse', ...parties, response: 'accept', sdp },
  { kind: 'callResponse', ...parties, response: 'deny', sdp: undefined },
  { kind: 'candidate', ...parties, candidate: 'null' as Payload },
  { kind: 'candidate', ...parties, candidate: ' "candidate:1"'.trim() as Payload },
  { kind: 'hangUp', ...parties, cause: 'answered_elsewhere' },
]

describe('a frame', () => {
  test.each(tells)('of $kind is what it was made of, the payload byte for byte', tell => {
    expect(decodeTell(encodeTell(tell, 7))).toEqual(tell)
  })

  test('of no call is none', () => {
    expect(decodeTell(encodeAck('x', 1))).toBeUndefined()
    expect(decodeTell(encodeError('no_call', 'there is none', undefined, 2))).toBeUndefined()
  })
})
