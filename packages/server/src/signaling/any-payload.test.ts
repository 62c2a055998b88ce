import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Payload } from '../exchange/call.js'
import { relayOnlyScreen } from './screen.js'

const numRuns = Number(process.env.FUZZ_RUNS ?? 3_000)

const secretAddress = '192.0.2.7'
const line = fc.constantFrom(
  'v=0',
  `o=- 1 2 IN IP4 ${secretAddress}`,
  `c=IN IP4 ${secretAddress}`,
  `a=candidate:1 1 udp 2122260223 ${secretAddress} 9 typ host`,
  `a=candidate:2 1 udp 1 ${secretAddress} 9 typ srflx raddr ${secretAddress} rport 9`,
  `a=candidate:3 1 udp 1 198.51.100.3 3478 typ relay raddr ${secretAddress} rport 9`,
  `a=rtcp:9 IN IP4 ${secretAddress}`,
  `a=remote-candidates:1 ${secretAddress} 9`,
  `${secretAddress}`,
  '{"sdp":"x"}',
  '',
)
const text = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\r\n', '\n'))
  .map(([lines, end]) => lines.join(end))

/** Every form in which clients send it: the text, what browsers make of it, and that as JSON in a string. */
const inForms = (inner: fc.Arbitrary<unknown>) =>
  fc.oneof(
    inner,
    inner.map(sdp => ({ type: 'offer', sdp })),
    inner.map(candidate => ({ candidate, sdpMid: '0', toString: null })),
    inner.map(sdp => JSON.stringify({ type: 'answer', sdp })),
    inner.map(candidate => JSON.stringify({ candidate, sdpMLineIndex: 0 })),
  )

test('no address passes, whatever form the SDP or candidate has', () => {
  const holds = (value: unknown) => {
    const payload = JSON.stringify(value) as Payload
    expect(relayOnlyScreen.sdp(payload)).not.toContain(secretAddress)
    expect(relayOnlyScreen.candidate(payload) ?? '').not.toContain(secretAddress)
  }
  fc.assert(fc.property(inForms(text), holds), { numRuns })
})

test('any SDP or candidate that the protocol takes comes out as JSON, or not at all', () => {
  const odd = fc.oneof(
    fc.constant(null),
    fc.string({ unit: 'binary' }),
    fc.json({ maxDepth: 4 }),
    fc.dictionary(fc.constantFrom('sdp', 'candidate', 'type', '__proto__', 'toString'), fc.jsonValue()),
  )
  const holds = (value: unknown) => {
    const payload = JSON.stringify(value) as Payload
    JSON.parse(relayOnlyScreen.sdp(payload))
    const candidate = relayOnlyScreen.candidate(payload)
    if (candidate !== undefined) JSON.parse(candidate)
  }
  fc.assert(fc.property(inForms(odd), holds), { numRuns })
})
