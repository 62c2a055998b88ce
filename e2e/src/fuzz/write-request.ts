import { type Bytes, toBuffer } from './bytes.js'
import { type Actor, fill } from './placeholders.js'
import type { RequestInput } from './requests.js'

const chunked = (body: Bytes) => {
  const middle = Math.floor(body.length / 2)
  const pieces = [body.slice(0, middle), body.slice(middle)].filter(piece => piece !== '')
  return `${pieces.map(piece => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('')}0\r\n\r\n`
}

type Framed = readonly [fields: readonly string[], body: Bytes]

/** The length fields and the body as it is sent, for each way to tell the length. */
const framings: Readonly<Record<RequestInput['framing'], (body: Bytes) => Framed>> = {
  exact: body => [[`content-length: ${body.length}`], body],
  none: () => [[], ''],
  chunked: body => [['transfer-encoding: chunked'], chunked(body)],
  short: body => [[`content-length: ${Math.floor(body.length / 2)}`], body],
  long: body => [[`content-length: ${body.length + 9}`], body],
  both: body => [[`content-length: ${body.length}`, 'transfer-encoding: chunked'], chunked(body)],
  twice: body => [[`content-length: ${body.length}`, `content-length: ${body.length + 1}`], body],
  negative: body => [['content-length: -1'], body],
  text: body => [['content-length: 0x10'], body],
  huge: body => [[`content-length: ${'9'.repeat(30)}`], body],
  open: body => [['transfer-encoding: chunked'], chunked(body).slice(0, -5)],
  badChunk: body => [['transfer-encoding: chunked'], `zz\r\n${body}\r\n0\r\n\r\n`],
  extension: body => [
    ['transfer-encoding: chunked'],
    chunked(body).replace('\r\n', `;${'x=y;'.repeat(5_000)}\r\n`),
  ],
}

/** The bytes of a request, its placeholders filled. */
export function writeRequest(input: RequestInput, actor: Actor): Buffer {
  const [lengths, body] = framings[input.framing](fill(input.body, actor))
  const fields = input.headers.map(([name, value]) => `${name}: ${fill(value, actor)}`)
  const lines = [
    `${input.method} ${fill(input.target, actor)} HTTP/1.1`,
    'host: fuzz.test',
    ...fields,
    ...lengths,
  ]
  return toBuffer(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
