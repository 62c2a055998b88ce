import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { wireLimits } from '@switchboard/protocol'

const list = createRequire(import.meta.url).resolve('@zxcvbn-ts/language-common/src/passwords.json')

/** Digits in a run or in a repeated block, such as 87654321 or 123123123: the list leaves them to other matchers. */
const repeatedDigits = /^(\d{1,4}?)\1+$/
const isRun = (digits: string): boolean =>
  '01234567890123456789'.includes(digits) || '98765432109876543210'.includes(digits)

let reading: Promise<ReadonlySet<string>> | undefined

/** Read at the first use, and only what is long enough to be a password here: some 18,000 entries, 1 MB. */
async function read(): Promise<ReadonlySet<string>> {
  const all = JSON.parse(await readFile(list, 'utf8')) as string[]
  return new Set(all.filter(entry => entry.length >= wireLimits.passwordMin))
}

/** True for the passwords that everybody tries first. Without case: the list is in lower case. */
export async function isCommon(password: string): Promise<boolean> {
  reading ??= read()
  const lower = password.toLowerCase()
  if (/^\d+$/.test(lower) && (repeatedDigits.test(lower) || isRun(lower))) return true
  return (await reading).has(lower)
}
