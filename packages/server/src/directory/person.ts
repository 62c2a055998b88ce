import { wireLimits } from '@switchboard/protocol'
import { invalid } from './invalid.js'

/** Controls, line separators and halves of surrogate pairs: they break whatever shows or stores the name. */
const unfit = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u

/** A name as it is stored: trimmed, NFC, 1 to 100 characters (contract section 1). */
export function nameOf(written: string, path: string): string {
  const name = written.trim().normalize('NFC')
  const length = [...name].length
  if (length === 0) throw invalid(path, 'must not be blank')
  if (length > wireLimits.nameLength) {
    throw invalid(path, `must have ${wireLimits.nameLength} characters at most`)
  }
  if (unfit.test(name)) throw invalid(path, 'must not have control characters')
  return name
}

/** What a browser takes for an email (HTML, "valid email address"): linear to match, any TLD. */
const emailShape =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/

export function emailOf(written: string): string {
  if (written.length > wireLimits.emailLength || !emailShape.test(written)) {
    throw invalid('/email', 'must be an email address')
  }
  return written
}
