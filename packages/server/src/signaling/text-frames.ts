import { limits } from '../limits.js'

/** A WebSocket frame in bytes that are written once and never changed: `bytes.subarray(start, end)`. */
export interface TextFrame {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

const finalText = 0x81
const shortMost = 125
const mediumMost = 0xffff
const bytesPerCharMost = 3

/** Header bytes of an unmasked frame (RFC 6455 section 5.2 asks for the least that does). */
function headerOf(text: string): number {
  // Most frames are of one size of header whatever their characters are; the others are counted.
  const { length } = text
  if (length > shortMost && length * bytesPerCharMost <= mediumMost) return 4
  const bytes = Buffer.byteLength(text)
  return bytes <= shortMost ? 2 : bytes <= mediumMost ? 4 : 10
}

/**
 * Encodes texts as WebSocket frames, one behind the other in chunks that grow with use. Kept as strings they would be
 * most of what the garbage collector of a busy server copies; and what lies together is written together. A chunk goes
 * when the last of its frames is forgotten.
 */
export function createTextFrames() {
  let chunk: Buffer | undefined
  let filled = 0

  function grow(needed: number): Buffer {
    const next = Math.min(chunk ? chunk.length * 2 : limits.frameChunkFirstBytes, limits.frameChunkMostBytes)
    chunk = Buffer.allocUnsafeSlow(Math.max(next, needed))
    filled = 0
    return chunk
  }

  return {
    encode(text: string): TextFrame {
      const header = headerOf(text)
      let into = chunk ?? grow(header + text.length)
      let start = filled
      let written = header + text.length > into.length - start ? -1 : into.write(text, start + header)
      // A write that came near the end may have been cut there: it is made again where there is room for certain.
      if (written === -1 || start + header + written + bytesPerCharMost > into.length) {
        into = grow(header + Buffer.byteLength(text) + bytesPerCharMost)
        start = 0
        written = into.write(text, header)
      }
      into[start] = finalText
      if (header === 2) into[start + 1] = written
      else if (header === 4) {
        into[start + 1] = shortMost + 1
        into.writeUInt16BE(written, start + 2)
      } else {
        into[start + 1] = shortMost + 2
        into.writeUInt32BE(0, start + 2) // a frame is never 4 GiB long
        into.writeUInt32BE(written, start + 6)
      }
      filled = start + header + written
      return { bytes: into, start, end: filled }
    },
  }
}

export type TextFrames = ReturnType<typeof createTextFrames>

export const bytesOf = ({ bytes, start, end }: TextFrame): Buffer => bytes.subarray(start, end)

/** What was encoded. */
export function textOf({ bytes, start, end }: TextFrame): string {
  const length = bytes[start + 1] ?? 0
  const header = length <= shortMost ? 2 : length === shortMost + 1 ? 4 : 10
  return bytes.toString('utf8', start + header, end)
}
