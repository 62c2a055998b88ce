import { wireLimits } from '@switchboard/protocol'
import { Refusal } from '../refusal.js'
import { isCommon } from './common-passwords.js'
import type { PasswordContext } from './sessions.js'

const productName = 'switchboard'

/** The form that is hashed and verified: the same characters typed on another keyboard give the same password. */
export const canonicalPassword = (password: string): string => password.normalize('NFC')

const codePoints = (text: string): number => [...text].length

/** What argon2 and PostgreSQL can hold unchanged: well-formed Unicode, no NUL, within the length we promise. */
export function passwordFault(password: string): string | undefined {
  if (/\p{Surrogate}/u.test(password)) return 'must be well-formed Unicode'
  if (password.includes('\0')) return 'must not contain NUL'
  if (codePoints(password) > wireLimits.passwordMax) {
    return `must have at most ${wireLimits.passwordMax} characters`
  }
  return undefined
}

const caseless = (text: string): string => text.normalize('NFKC').toLowerCase()
const withoutJoints = (text: string): string => text.replace(/[\s._'-]+/gu, '')
const withoutEnds = (text: string): string => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
const digitsOf = (text: string): string => text.replace(/[^0-9]/g, '')

function ownWords({ email, phoneNumber, firstname, lastname }: PasswordContext): Set<string> {
  const localPart = email.slice(0, email.lastIndexOf('@'))
  const names = [firstname, lastname, firstname + lastname, lastname + firstname]
  const words = [productName, email, localPart, phoneNumber, ...names].map(caseless).map(withoutJoints)
  return new Set([...words, ...words.map(withoutEnds)].filter(word => word !== ''))
}

/** True when the password is a word of its owner's, whatever digits and signs stand around it. */
function isOwn(password: string, context: PasswordContext): boolean {
  const written = withoutJoints(caseless(password))
  const own = ownWords(context)
  if (own.has(written) || own.has(withoutEnds(written))) return true
  const digits = digitsOf(written)
  return !/\p{L}/u.test(written) && digits !== '' && digits === digitsOf(context.phoneNumber)
}

/** Refuses with `weak_password` or, for what cannot be a password at all, `invalid_request`. Contract section 1. */
export async function judgePassword(
  password: string,
  context: PasswordContext,
  minLength: number,
  path: string,
): Promise<void> {
  const fault = passwordFault(password)
  if (fault) throw new Refusal('invalid_request', undefined, { faults: [{ path, message: fault }] })
  if (codePoints(password) < minLength) {
    throw new Refusal('weak_password', `A password has at least ${minLength} characters`)
  }
  const canonical = canonicalPassword(password)
  if (isOwn(canonical, context)) {
    throw new Refusal('weak_password', 'A password must not be your own name, email or number')
  }
  if (await isCommon(canonical)) {
    throw new Refusal('weak_password', 'This is one of the passwords that everybody tries first')
  }
}
