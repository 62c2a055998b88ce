/** What browsers put into a call, in their usual sizes; the text tells that nobody's address is in it. */
const line = (n: number) => `a=rtpmap:${96 + (n % 30)} VP8/90000\r\na=rtcp-fb:${96 + (n % 30)} nack pli\r\n`

/** An SDP of that many bytes. */
function sdpOf(bytes: number): string {
  let text = 'v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n'
  for (let n = 0; text.length < bytes; n++) text += line(n)
  return `${text.slice(0, bytes - 2)}\r\n`
}

/** Makes a frame of about 200 bytes with the names and numbers around it, as the seed writes it. */
export const candidate =
  'candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 0.0.0.0 rport 0'

/** A call's offer and answer. */
export const sdp = sdpOf(4_096)
export const candidatesOfACall = 10
