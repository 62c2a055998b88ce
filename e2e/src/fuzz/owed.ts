import { up, wireLimits } from '@switchboard/protocol'

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Whether a text must be answered with `ack`, `error` or `connected`: any that names itself by `ID`, and any that is no
 * message. The others may show by their effect alone.
 */
export function isOwedAnAnswer(text: string): boolean {
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true
  const { REASON, ID } = value as Record<string, unknown>
  return ID !== undefined || typeof REASON !== 'string' || !Object.hasOwn(up, REASON)
}

/** Whether the text may make the server close the socket: a `connect` that fails, or more bytes than it reads. */
export function mayClose(bytes: Buffer): boolean {
  const text = bytes.toString('utf8')
  const isUtf8 = Buffer.from(text, 'utf8').equals(bytes)
  return !isUtf8 || bytes.length > wireLimits.frameBytes || text.includes('connect') || text.includes('\\u')
}
