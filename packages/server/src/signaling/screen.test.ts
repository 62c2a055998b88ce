import { describe, expect, test } from 'vitest'
import type { Payload } from '../exchange/call.js'
import { relayOnlyScreen } from './screen.js'

const json = (value: unknown) => JSON.stringify(value) as Payload
const candidate = (value: unknown) => {
  const screened = relayOnlyScreen.candidate(json(value))
  return screened === undefined ? undefined : JSON.parse(screened)
}
const sdp = (value: unknown) => JSON.parse(relayOnlyScreen.sdp(json(value)))

const host = 'candidate:1 1 udp 2122260223 192.168.1.7 54321 typ host generation 0 ufrag a'
const mdns = 'candidate:1 1 udp 2122260223 0f3c.local 54321 typ host'
const srflx = 'candidate:2 1 udp 1686052607 203.0.113.7 54321 typ srflx raddr 192.168.1.7 rport 54321'
const prflx = 'candidate:3 1 udp 1 203.0.113.7 54321 typ prflx raddr 192.168.1.7 rport 1'
const relay =
  'candidate:4 1 udp 41885439 198.51.100.9 60000 typ relay raddr 203.0.113.7 rport 54321 generation 0'
const hiddenRelay =
  'candidate:4 1 udp 41885439 198.51.100.9 60000 typ relay raddr 0.0.0.0 rport 0 generation 0'

describe('candidates between strangers', () => {
  test('host, server-reflexive and peer-reflexive ones do not pass, in any form', () => {
    for (const line of [host, mdns, srflx, prflx]) {
      expect(candidate(line)).toBeUndefined()
      expect(candidate({ candidate: line, sdpMid: '0', sdpMLineIndex: 0 })).toBeUndefined()
      expect(candidate(JSON.stringify({ candidate: line, sdpMid: '0' }))).toBeUndefined()
    }
  })

  test('relays pass, without what is behind them', () => {
    expect(candidate(relay)).toBe(hiddenRelay)
    const full = { candidate: relay, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'a' }
    expect(candidate(full)).toEqual({ ...full, candidate: hiddenRelay })
    expect(JSON.parse(candidate(JSON.stringify(full)))).toEqual({ ...full, candidate: hiddenRelay })
  })

  test('members that browsers do not set are left out: they may say the address again', () => {
    const told = {
      candidate: relay,
      address: '198.51.100.9',
      relatedAddress: '203.0.113.7',
      more: { ip: '1.2.3.4' },
    }
    expect(candidate(told)).toEqual({ candidate: hiddenRelay })
  })

  test('the end of candidates passes', () => {
    expect(candidate(null)).toBeNull()
    expect(candidate('')).toBe('')
    expect(candidate({ candidate: '', sdpMid: '0' })).toEqual({ candidate: '', sdpMid: '0' })
  })

  test('what cannot be read does not pass', () => {
    for (const text of ['192.168.1.7:54321', 'typ relay', '{"candidate":', 'x'])
      expect(candidate(text)).toBeUndefined()
  })
})

describe('an SDP between strangers', () => {
  const fingerprint =
    'a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08'
  const lines = [
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 192.168.1.7',
    's=-',
    't=0 0',
    'm=audio 54321 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 203.0.113.7',
    'a=rtcp:9 IN IP6 2001:db8::7',
    `a=${host}`,
    `a=${srflx}`,
    `a=${relay}`,
    'a=ice-ufrag:abcd',
    fingerprint,
    'a=rtpmap:111 opus/48000/2',
    '',
  ]

  test('keeps everything but the addresses', () => {
    expect(sdp(lines.join('\r\n')).split('\r\n')).toEqual([
      'v=0',
      'o=- 4611731400430051336 2 IN IP4 0.0.0.0',
      's=-',
      't=0 0',
      'm=audio 54321 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 0.0.0.0',
      'a=rtcp:9 IN IP6 ::',
      `a=${hiddenRelay}`,
      'a=ice-ufrag:abcd',
      fingerprint,
      'a=rtpmap:111 opus/48000/2',
      '',
    ])
  })

  test('in an object or in a string of JSON as well', () => {
    const description = { type: 'offer', sdp: lines.join('\r\n'), extra: '192.168.1.7' }
    for (const text of [JSON.stringify(sdp(description)), sdp(JSON.stringify(description))]) {
      expect(text).not.toMatch(/192\.168|203\.0|2001:db8/)
      expect(JSON.parse(text).type).toBe('offer')
    }
  })

  test('text that is no SDP passes, without addresses', () => {
    expect(sdp('*SDP Request*')).toBe('*SDP Request*')
    expect(sdp('call me at 192.168.1.7 or [2001:db8::7]')).toBe('call me at 0.0.0.0 or [::]')
  })
})
