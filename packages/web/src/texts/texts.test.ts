import { describe, expect, it } from 'vitest'
import { en } from './en.js'
import { explain } from './explain.js'
import { sv } from './sv.js'
import { languageOf } from './texts.js'

/** Every text by its path; what has gaps is filled. */
function flat(texts: object, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([name, value]) => {
    const here = `${path}/${name}`
    if (typeof value === 'function') return [[here, String(value(7))]] as [string, string][]
    return typeof value === 'string' ? [[here, value]] : flat(value as object, here)
  })
}
/** What is the same word in both languages. */
const shared = ['/product', '/ok', '/call/milliseconds']

describe('the texts', () => {
  it('are the same ones in both languages, with the same gaps, and none is left in English', () => {
    const [english, swedish] = [flat(en), flat(sv)]
    expect(english.length).toBeGreaterThan(200)
    expect(swedish.map(([path]) => path)).toEqual(english.map(([path]) => path))
    for (const [index, [path, text]] of swedish.entries()) {
      expect(text.trim(), path).not.toBe('')
      expect(text.includes('7'), path).toBe(english[index]?.[1].includes('7'))
    }
    const same = swedish.filter(([, text], index) => text === english[index]?.[1]).map(([path]) => path)
    expect(same).toEqual(shared)
  })

  it('are in the first of somebody’s languages that there is', () => {
    expect(languageOf(['de', 'sv-FI', 'en'])).toBe('sv')
    expect(languageOf(['fr'])).toBe('en')
    expect(languageOf([])).toBe('en')
  })
})

describe('an error', () => {
  it('is told in words, with how long to wait', () => {
    expect(explain({ code: 'invalid_credentials' }, en)).toBe('Email or password is wrong.')
    expect(explain({ code: 'too_many_attempts', retryAfterSeconds: 1 }, en)).toBe(
      'Too many tries. Try again in 1 second.',
    )
    expect(explain({ code: 'too_many_attempts', retryAfterSeconds: 1_800 }, sv)).toBe(
      'För många försök. Försök igen om 30 minuter.',
    )
  })

  it('that nobody knows is told as one', () => {
    for (const error of [undefined, null, new TypeError('x'), { code: 'new' }, { code: 'waitSeconds' }])
      expect(explain(error, en)).toBe(en.errors.unknown)
  })
})
