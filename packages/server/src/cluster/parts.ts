import { limits } from '../limits.js'

/** Marks before each piece of text: all of it, or where in it the piece belongs. */
const [whole, first, middle, last] = ['=', '<', '-', '>'] as const

/** The text in pieces that any NATS server takes; mostly it is one. */
export function partsOf(text: string): readonly string[] {
  if (text.length <= limits.linePartChars) return [whole + text]
  const parts: string[] = []
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + limits.linePartChars, text.length)
    // Half a surrogate pair is no UTF-8.
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1
    parts.push((at === 0 ? first : end === text.length ? last : middle) + text.slice(at, end))
    at = end
  }
  return parts
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff

/** Puts pieces together again that come in order; what lost its beginning is dropped. */
export function createAssembly() {
  let begun: string[] | undefined
  return {
    /** The text that this piece completes. */
    take(part: string): string | undefined {
      const [mark, piece] = [part[0], part.slice(1)]
      if (mark === whole) return piece
      if (mark === first) begun = [piece]
      else begun?.push(piece)
      if (mark !== last || !begun) return undefined
      const text = begun.join('')
      begun = undefined
      return text
    },
    /** The rest will not come. */
    drop() {
      begun = undefined
    },
  }
}
