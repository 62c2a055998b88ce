/** Constant on purpose: a frame is prepared once, and the server's work to unmask is the same for any key. */
const maskKey = Buffer.from([0x37, 0xfa, 0x21, 0x3d])

export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const

/** A client's frame (RFC 6455 section 5.2): final, masked. */
export function clientFrame(payload: Buffer | string, opcode: number = opcodes.text): Buffer {
  const body = Buffer.from(payload)
  const extended = body.length < 126 ? 0 : body.length < 65_536 ? 2 : 8
  const frame = Buffer.allocUnsafe(2 + extended + 4 + body.length)
  frame[0] = 0x80 | opcode
  frame[1] = 0x80 | (extended === 0 ? body.length : extended === 2 ? 126 : 127)
  if (extended === 2) frame.writeUInt16BE(body.length, 2)
  if (extended === 8) frame.writeBigUInt64BE(BigInt(body.length), 2)
  const at = 2 + extended
  maskKey.copy(frame, at)
  for (let i = 0; i < body.length; i++) frame[at + 4 + i] = (body[i] ?? 0) ^ (maskKey[i & 3] ?? 0)
  return frame
}
