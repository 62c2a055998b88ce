import { causes, closeEvents, down, signalErrorCodes } from '@switchboard/protocol'

const codes = new Set<unknown>(signalErrorCodes)
const whys = new Set<unknown>(causes)
/** How a server may close: its own events, and what RFC 6455 section 7.4.1 has for frames that are wrong. */
const closes = new Set([
  1000,
  1002,
  1003,
  1005,
  1007,
  1009,
  ...Object.values(closeEvents).map(event => event.code),
])

interface Shape {
  readonly properties: Readonly<Record<string, unknown>>
  readonly required?: readonly string[]
}

/** A message of a server, parsed. */
export type Told = Readonly<Record<string, unknown>>

/** What is wrong with a message of the server's, given the last `SEQ`. */
export function messageFault(message: Told, lastSeq: number): string | undefined {
  const { REASON, SEQ } = message
  if (typeof REASON !== 'string' || !Object.hasOwn(down, REASON)) return `REASON ${String(REASON)}`
  const { properties, required = [] } = down[REASON as keyof typeof down] as unknown as Shape
  const unknown = Object.keys(message).find(name => !Object.hasOwn(properties, name))
  if (unknown !== undefined) return `${REASON} with ${unknown}`
  const missing = required.find(name => !Object.hasOwn(message, name))
  if (missing !== undefined) return `${REASON} without ${missing}`
  if (REASON === 'error' && !codes.has(message.CODE)) return `CODE ${String(message.CODE)}`
  if (REASON === 'HangUp' && !whys.has(message.CAUSE)) return `CAUSE ${String(message.CAUSE)}`
  if (SEQ !== undefined && !(typeof SEQ === 'number' && SEQ > lastSeq))
    return `SEQ ${String(SEQ)} after ${lastSeq}`
  return undefined
}

/** What is wrong with how a connection ended that the client had not given up. */
export function closeFault(code: number | undefined): string | undefined {
  if (code === undefined) return 'the server hung up without a close frame'
  return closes.has(code) ? undefined : `closed with ${code}`
}
