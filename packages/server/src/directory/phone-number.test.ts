import { describe, expect, test } from 'vitest'
import { numberingPlan } from './phone-number.js'

describe('open plan', () => {
  const canonical = numberingPlan({ plan: 'open' })

  test.each([
    ['1234567890', '1234567890'],
    ['+1 (234) 567-890', '1234567890'],
    ['12.34.56', '123456'],
    ['  123  ', '123'],
    ['123', '123'],
    ['123456789012345', '123456789012345'],
  ])('%j is %s', (written, expected) => expect(canonical(written)).toBe(expected))

  test.each([
    ['12', 'too short'],
    ['1234567890123456', 'too long'],
    ['', 'empty'],
    ['+', 'no digits'],
    ['12+34', 'a plus inside'],
    ['++1234', 'two pluses'],
    ['１２３４５', 'full-width digits'],
    ['١٢٣٤٥', 'Arabic digits'],
    ['CALLME12', 'letters'],
    ['1234\n', 'a newline'],
    ['\t1234', 'a tab'],
    ['1234\u00a0567', 'a no-break space'],
    ['1234\u0000', 'NUL'],
    ['123*', 'a wildcard'],
    ['1.2.>', 'a subject'],
    [`123${' '.repeat(40)}`, 'longer than a number is written'],
  ])('%j is none: %s', written => expect(canonical(written)).toBeUndefined())
})

describe('e164', () => {
  test.each([
    ['+46 70 123 45 67', '+46701234567'],
    ['070-123 45 67', '+46701234567'],
    ['+1 (415) 555-2671', '+14155552671'],
  ])('%j is %s in Sweden', (written, expected) =>
    expect(numberingPlan({ plan: 'e164', defaultRegion: 'SE' })(written)).toBe(expected),
  )

  test.each([
    '+46 1',
    '1234567890',
    '+46 70 123 45 67 ext 5',
    'tel:+46701234567',
    '＋46701234567',
    '+999123456789',
  ])('%j is none', written =>
    expect(numberingPlan({ plan: 'e164', defaultRegion: 'SE' })(written)).toBeUndefined(),
  )

  test('without a region a number needs its country', () => {
    const canonical = numberingPlan({ plan: 'e164', defaultRegion: undefined })
    expect(canonical('070-123 45 67')).toBeUndefined()
    expect(canonical('+46701234567')).toBe('+46701234567')
  })
})
