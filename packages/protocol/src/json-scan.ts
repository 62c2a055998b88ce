/** Where the members of the outermost object stand in a JSON text: `text.slice(starts[i], ends[i])` is the value of `keys[i]`. */
export interface JsonMembers {
  readonly keys: readonly string[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

export type JsonFault = 'not_an_object' | 'too_deep' | 'too_many_members' | 'duplicate_member'

const quote = 0x22
const backslash = 0x5c
const isSpace = (c: number) => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09

/** Index just past the string that opens at `open`; the text's length when it never closes. */
function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1)
  while (close !== -1) {
    let slashes = 0
    while (text.charCodeAt(close - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return close + 1
    close = text.indexOf('"', close + 1)
  }
  return text.length
}

function keyOf(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1)
  if (!raw.includes('\\')) return raw
  try {
    return JSON.parse(text.slice(start, end)) as string
  } catch {
    return raw // not JSON: the parse that follows says so
  }
}

/**
 * Walks a JSON text before anything parses it: refuses nesting that breaks recursive code (CVE-2025-59466), members
 * without number, and members said twice, whose meaning depends on the reader (RFC 8259 section 4). What it returns
 * lets a payload be forwarded in its own bytes. It does not validate: a text it passes may still not be JSON.
 */
export function scanObject(text: string, maxDepth: number, maxMembers: number): JsonMembers | JsonFault {
  const keys: string[] = []
  const starts: number[] = []
  const ends: number[] = []
  let depth = 0
  let key: string | undefined
  let valueStart = -1
  const close = (at: number) => {
    if (key === undefined || valueStart === -1) return
    let end = at
    while (end > valueStart && isSpace(text.charCodeAt(end - 1))) end--
    keys.push(key)
    starts.push(valueStart)
    ends.push(end)
    key = undefined
    valueStart = -1
  }
  for (let i = 0; i < text.length; ) {
    const c = text.charCodeAt(i)
    if (isSpace(c)) {
      i++
      continue
    }
    if (depth === 0 && c !== 0x7b) return 'not_an_object'
    if (depth === 1 && key !== undefined && valueStart === -1 && c !== 0x3a) valueStart = i
    if (c === quote) {
      const end = endOfString(text, i)
      if (depth === 1 && key === undefined) {
        key = keyOf(text, i, end)
        if (keys.includes(key)) return 'duplicate_member'
        if (keys.length === maxMembers) return 'too_many_members'
      }
      i = end
      continue
    }
    if (c === 0x7b || c === 0x5b) {
      if (++depth > maxDepth) return 'too_deep'
    } else if (c === 0x7d || c === 0x5d) {
      if (depth === 1) {
        close(i)
        return { keys, starts, ends } // what follows the object is for the parser to refuse
      }
      depth--
    } else if (c === 0x2c && depth === 1) close(i)
    i++
  }
  return depth === 0 ? 'not_an_object' : { keys, starts, ends }
}
