import { type PhoneNumber, wireLimits } from '@switchboard/protocol'
import parsePhoneNumber, { type CountryCode } from 'libphonenumber-js/max'
import type { Config } from '../config.js'

/** Gives a written number in canonical form, or undefined when it is none. Contract section 1. */
export type Canonicalise = (written: string) => PhoneNumber | undefined

const openShape = /^[+]?[0-9 .()-]+$/

const open: Canonicalise = written => {
  const trimmed = written.trim()
  if (!openShape.test(trimmed)) return undefined
  const digits = trimmed.replace(/[^0-9]/g, '')
  const fits = digits.length >= wireLimits.phoneDigitsMin && digits.length <= wireLimits.phoneDigitsMax
  return fits ? (digits as PhoneNumber) : undefined
}

const e164 =
  (defaultRegion: string | undefined): Canonicalise =>
  written => {
    if (!openShape.test(written.trim())) return undefined // the library also takes letters and full-width digits
    const parsed = parsePhoneNumber(written, defaultRegion as CountryCode | undefined)
    return parsed?.isValid() ? (parsed.number as unknown as PhoneNumber) : undefined
  }

export function numberingPlan(numbering: Config['numbering']): Canonicalise {
  return numbering.plan === 'open' ? open : e164(numbering.defaultRegion)
}
