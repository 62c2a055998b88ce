/** An answer as it came over the wire. */
export interface HttpAnswer {
  readonly status: number
  /** Names in lower case; the last one of each name. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

const endOfHead = Buffer.from('\r\n\r\n')
const lineEnd = Buffer.from('\r\n')

/** The pieces of a chunked body and where it ends; undefined while it is incomplete. */
function unchunk(bytes: Buffer, from: number): { body: Buffer; end: number } | undefined {
  const pieces: Buffer[] = []
  let at = from
  for (;;) {
    const line = bytes.indexOf(lineEnd, at)
    if (line === -1) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    at = line + 2 + size + 2
    if (at > bytes.length) return undefined
    if (size === 0) return { body: Buffer.concat(pieces), end: at }
    pieces.push(bytes.subarray(line + 2, at - 2))
  }
}

/**
 * Takes the first answer off the front of what a server sent; undefined while it is incomplete. `ended`: the server
 * sends no more, so that an answer without a length is whole.
 */
export function readAnswer(
  bytes: Buffer,
  isHead: boolean,
  ended = false,
): { answer: HttpAnswer; rest: Buffer } | undefined {
  const head = bytes.indexOf(endOfHead)
  if (head === -1) return undefined
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, head).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? Number.NaN)
  const headers = new Map(
    lines.map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
  const start = head + 4
  const whole = (body: Buffer, end: number) => ({
    answer: { status, headers, body: body.toString('utf8') },
    rest: bytes.subarray(end),
  })
  if (status === 100) return readAnswer(bytes.subarray(start), isHead, ended)
  if (isHead || status < 200 || status === 204 || status === 304) return whole(Buffer.alloc(0), start)
  if (headers.get('transfer-encoding') === 'chunked') {
    const read = unchunk(bytes, start)
    return read && whole(read.body, read.end)
  }
  const length = headers.get('content-length')
  if (length === undefined) return ended ? whole(bytes.subarray(start), bytes.length) : undefined
  const end = start + Number(length)
  return end <= bytes.length ? whole(bytes.subarray(start, end), end) : undefined
}
