import { createRequire } from 'node:module'
import { type PhoneNumber, wireLimits } from '@switchboard/protocol'
import type { CountryCode } from 'libphonenumber-js/max'
import type { Config } from '../config.js'

/** Gives a written number in canonical form, or undefined when it is none. Contract section 1. */
export type Canonicalise = (written: string) => PhoneNumber | undefined

/** ASCII alone, and spaces but no other white space: what looks like a number elsewhere is none here. */
const writtenShape = /^ *[+]?[0-9 .()-]+$/

const isWritten = (written: string) =>
  written.length <= wireLimits.phoneWrittenLength && writtenShape.test(written)

/** The canonical form itself: nothing is left out, so nothing is copied. */
const digitsAlone = /^[0-9]{3,15}$/

const open: Canonicalise = written => {
  if (digitsAlone.test(written)) return written as PhoneNumber
  if (!isWritten(written)) return undefined
  const digits = written.replace(/[^0-9]/g, '')
  const fits = digits.length >= wireLimits.phoneDigitsMin && digits.length <= wireLimits.phoneDigitsMax
  return fits ? (digits as PhoneNumber) : undefined
}

function e164(defaultRegion: string | undefined): Canonicalise {
  // Loaded where it is asked for: the plan of most servers is open, and needs none of its 2 MB.
  const plans = createRequire(import.meta.url)(
    'libphonenumber-js/max',
  ) as typeof import('libphonenumber-js/max')
  return written => {
    if (!isWritten(written)) return undefined // the library also takes letters and full-width digits
    const parsed = plans.parsePhoneNumberFromString(written, {
      ...(defaultRegion && { defaultCountry: defaultRegion as CountryCode }),
      extract: false,
    })
    if (!parsed?.isValid()) return undefined
    const number: string = parsed.number
    // Some plans know longer numbers than E.164 does.
    return number.length <= 1 + wireLimits.phoneDigitsMax ? (number as PhoneNumber) : undefined
  }
}

export function numberingPlan(numbering: Config['numbering']): Canonicalise {
  return numbering.plan === 'open' ? open : e164(numbering.defaultRegion)
}
