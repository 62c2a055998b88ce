import { createRequire } from 'node:module'
import type { CountryCode } from 'libphonenumber-js/max'
import { BadValue } from './config-error.js'
import type { Parse } from './parse-values.js'

/** Read where a country is named, and not by every server: 2 MB of numbering plans. */
const plans = () =>
  createRequire(import.meta.url)('libphonenumber-js/max') as typeof import('libphonenumber-js/max')

/** A country of the phone-number library: ISO 3166-1, two letters. */
export const region: Parse<CountryCode> = written => {
  const code = written.toUpperCase()
  if (plans().isSupportedCountry(code)) return code
  throw new BadValue('is not a country that has a numbering plan (two letters, ISO 3166-1)')
}

const address = /^[^\s@<>",;:\\()[\]]{1,64}@[^\s@<>",;:\\()]{1,253}$/

export const mailAddress: Parse<string> = written => {
  if (address.test(written)) return written
  throw new BadValue('is not a mail address')
}

// A name with , ; : or @ needs quotes: without them it would be read as several addresses.
const senderShape = /^(?:"[^"\\<>\p{Cc}]{0,100}"|[^"\\<>,;:@\p{Cc}]{0,100}) *<([^<>]{3,320})>$/u

/** An address, bare or behind a name: `Switchboard <calls@example.org>`. */
export const mailSender: Parse<string> = written => {
  const named = senderShape.exec(written)
  if (address.test(named?.[1] ?? written)) return written
  throw new BadValue('is not a mail address, bare or as Name <address>')
}
