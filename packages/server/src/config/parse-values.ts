import { isIP } from 'node:net'
import { BadValue } from './config-error.js'

/** Reads one kind of value, or throws a `BadValue` that completes the sentence "this value …". */
export type Parse<Value> = (text: string) => Value

export const text: Parse<string> = written => written

/** A whole number in digits and nothing else: no sign, no exponent, no "12abc". */
export function wholeNumber(min: number, max: number): Parse<number> {
  return written => {
    const value = /^\d{1,15}$/.test(written) ? Number(written) : Number.NaN
    if (value >= min && value <= max) return value
    throw new BadValue(`is not a whole number from ${min} to ${max}`)
  }
}

export const port = wholeNumber(0, 65_535)

/** Seconds above zero, decimals allowed; given in whole milliseconds. */
export function milliseconds(maxSeconds: number): Parse<number> {
  return written => {
    const seconds = /^\d{1,9}(\.\d{1,9})?$/.test(written) ? Number(written) : Number.NaN
    const value = Math.round(seconds * 1000)
    if (value >= 1 && seconds <= maxSeconds) return value
    throw new BadValue(`is not a number of seconds above 0 and up to ${maxSeconds}`)
  }
}

export function oneOf<const Name extends string>(...names: readonly Name[]): Parse<Name> {
  return written => {
    const found = names.find(name => name === written.toLowerCase())
    if (found !== undefined) return found
    throw new BadValue(`is none of ${names.join(', ')}`)
  }
}

const hostName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*\.?$/i

/** A name or an address to listen on, IPv6 with or without brackets. */
export const host: Parse<string> = written => {
  const bare = written.replace(/^\[(.*)\]$/, '$1')
  if (isIP(bare) !== 0) return bare
  if (hostName.test(written) && !/^[\d.]+$/.test(written)) return written
  throw new BadValue('is not a host name or an IP address (no port, no http://)')
}

export function listOf<Value>(item: Parse<Value>): Parse<readonly Value[]> {
  return written =>
    written
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== '')
      .map(item)
}
