import { type Bytes, toBuffer } from './bytes.js'

/** How the length of a frame is told. `lie`: 16 more bytes than there are; `wide`: in more bytes than it needs. */
export type LengthForm = 'exact' | 'wide16' | 'wide64' | 'lie' | 'huge'

/** A frame of RFC 6455 section 5.2, right or wrong. */
export interface FrameFields {
  readonly fin: boolean
  readonly rsv: number
  readonly opcode: number
  readonly masked: boolean
  readonly length: LengthForm
  readonly payload: Bytes
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

const mask = Buffer.from([0x5a, 0x00, 0xff, 0x13])

function lengthBytes(size: number, form: LengthForm, maskBit: number): Buffer {
  const wide64 = (value: bigint) => {
    const bytes = Buffer.alloc(9)
    bytes[0] = maskBit | 127
    bytes.writeBigUInt64BE(value, 1)
    return bytes
  }
  const wide16 = (value: number) => Buffer.from([maskBit | 126, value >> 8, value & 0xff])
  if (form === 'huge') return wide64(2n ** 63n - 1n)
  const told = form === 'lie' ? size + 16 : size
  if (form === 'wide64' || told > 0xffff) return wide64(BigInt(told))
  if (form === 'wide16' || told > 125) return wide16(told)
  return Buffer.from([maskBit | told])
}

export function frameBytes({ fin, rsv, opcode, masked, length, payload }: FrameFields): Buffer {
  const bytes = toBuffer(payload)
  const head = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode])
  const size = lengthBytes(bytes.length, length, masked ? 0x80 : 0)
  if (!masked) return Buffer.concat([head, size, bytes])
  for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] ?? 0) ^ (mask[i % 4] ?? 0)
  return Buffer.concat([head, size, mask, bytes])
}

const plain = { rsv: 0, masked: true, length: 'exact' } as const

/** A text message, in as many fragments as there are cuts and one more. */
export function textFrames(payload: Bytes, cuts: readonly number[] = []): Buffer {
  const places = [...cuts].map(cut => cut % (payload.length + 1)).sort((a, b) => a - b)
  const pieces = [0, ...places].map((from, i) => payload.slice(from, places[i] ?? payload.length))
  return Buffer.concat(
    pieces.map((piece, i) =>
      frameBytes({
        ...plain,
        fin: i === pieces.length - 1,
        opcode: i === 0 ? opcodes.text : opcodes.continuation,
        payload: piece,
      }),
    ),
  )
}

export const controlFrame = (opcode: number, payload: Bytes) =>
  frameBytes({ ...plain, fin: true, opcode, payload })
