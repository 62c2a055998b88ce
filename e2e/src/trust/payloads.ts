const ufrag = 'ufrag EsAw network-id 1'

/** A candidate of every type, as Chromium and Firefox write them; every address is one of these tests alone. */
export const candidates = {
  host: `candidate:842163049 1 udp 1677729535 198.51.100.1 51472 typ host generation 0 ${ufrag}`,
  hostV6: `candidate:842163050 1 udp 1677729535 2001:db8:ffff::1 51473 typ host generation 0 ${ufrag}`,
  hostTcp: 'candidate:4 2 TCP 2105524478 198.51.100.2 9 typ host tcptype active',
  srflx: `candidate:842163051 1 udp 1677729535 198.51.100.3 51474 typ srflx raddr 198.51.100.4 rport 51472 ${ufrag}`,
  prflx: `candidate:842163052 1 udp 1677729535 198.51.100.5 51475 typ prflx raddr 198.51.100.6 rport 51472 ${ufrag}`,
} as const

/** Of a relay: the address in front is the relay's own, the one behind `raddr` is its user's. */
export const relay = {
  said: `candidate:842163053 1 udp 41885439 203.0.113.77 62000 typ relay raddr 198.51.100.7 rport 51474 ${ufrag}`,
  heard: `candidate:842163053 1 udp 41885439 203.0.113.77 62000 typ relay raddr 0.0.0.0 rport 0 ${ufrag}`,
} as const

/** The address that must not be told, wherever it is written. */
export const secretAddress = /198\.51\.100\.\d+|2001:db8:ffff::\w+/g

const fingerprint =
  'a=fingerprint:sha-256 6B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08'

/** A session description with these candidate lines in it; without any, what is left when they are taken out. */
export function sdpWith(...lines: readonly string[]): string {
  return `${[
    'v=0',
    'o=- 4962303333179871722 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    ...lines.map(line => `a=${line}`),
    'a=ice-ufrag:EsAw',
    'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
    fingerprint,
    'a=setup:actpass',
    'a=mid:0',
    'a=rtpmap:111 opus/48000/2',
  ].join('\r\n')}\r\n`
}

/** The same candidate in every form that clients send: text, the object of a browser, that object as JSON. */
export function everyForm(candidate: string): readonly unknown[] {
  const object = { candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'EsAw' }
  return [candidate, `a=${candidate}`, object, JSON.stringify(object)]
}

/** The same description in every form. */
export function everyFormOfSdp(sdp: string): readonly unknown[] {
  const object = { type: 'offer', sdp }
  return [sdp, object, JSON.stringify(object)]
}

/** The text in a payload, whatever its form. */
export function textIn(payload: unknown): unknown {
  if (typeof payload === 'string' && payload.startsWith('{')) return textIn(JSON.parse(payload))
  if (typeof payload !== 'object' || payload === null) return payload
  const { sdp, candidate } = payload as Record<string, unknown>
  return sdp ?? candidate
}
