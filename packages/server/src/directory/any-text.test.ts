import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Refusal } from '../refusal.js'
import { emailOf, nameOf } from './person.js'
import { numberingPlan } from './phone-number.js'

const numRuns = Number(process.env.FUZZ_RUNS ?? 2_000)

/** Text near to what is looked for, and any other. */
const near = (...pieces: string[]) =>
  fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 50 }).map(all => all.join('')),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom(...pieces).chain(piece => fc.nat({ max: 5_000 }).map(times => piece.repeat(times))),
  )

/** What came of it: a value, or a refusal and no other error. */
function outcome<T>(work: () => T): T | Refusal {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

const written = near(
  '+',
  '1',
  '23',
  '46 70',
  ' ',
  '-',
  '.',
  '(',
  ')',
  '٣',
  '３',
  ';ext=1',
  '\0',
  '\n',
  'a',
  '*',
)

test('any text is a number of 3 to 15 digits or none, and canonical form is its own canonical form', () => {
  const open = numberingPlan({ plan: 'open' })
  const holds = (text: string) => {
    const number = open(text)
    if (number === undefined) return
    expect(number).toMatch(/^[0-9]{3,15}$/)
    expect(text.replaceAll(/[^0-9]/g, '')).toBe(number)
    expect(open(number)).toBe(number)
  }
  fc.assert(fc.property(written, holds), { numRuns })
})

test('any text is an E.164 number or none', () => {
  const plans = [undefined, 'SE', 'US'].map(defaultRegion => numberingPlan({ plan: 'e164', defaultRegion }))
  const holds = (text: string) => {
    for (const plan of plans) {
      const number = plan(text)
      if (number === undefined) continue
      expect(number).toMatch(/^\+[0-9]{3,15}$/)
      expect(plan(number)).toBe(number)
    }
  }
  fc.assert(fc.property(written, holds), { numRuns })
})

test('any text is a name that can be stored and shown, or refused', () => {
  const text = near('Mara', ' ', 'é', 'e\u0301', '\u0000', '\u2028', '\ud800', '😀', '\u202e', 'ﷺ', '\u00a0')
  const holds = (sent: string) => {
    const name = outcome(() => nameOf(sent, '/firstname'))
    if (name instanceof Refusal) return expect(name.code).toBe('invalid_request')
    expect(name).toBe(name.trim().normalize('NFC'))
    expect([...name].length).toBeGreaterThanOrEqual(1)
    expect([...name].length).toBeLessThanOrEqual(100)
    expect(Buffer.from(name, 'utf8').toString('utf8')).toBe(name)
    expect(nameOf(name, '/firstname')).toBe(name)
    return undefined
  }
  fc.assert(
    fc.property(text, sent => void holds(sent)),
    { numRuns },
  )
})

test('any text is an email of one address, or refused', () => {
  const text = near(
    'a',
    '@',
    '.',
    'x.yz',
    '-',
    '<',
    '>',
    ',',
    ';',
    '"',
    '\r\nBcc: ',
    '(',
    ' ',
    '\0',
    'é',
    '%',
    "'",
  )
  const holds = (sent: string) => {
    const email = outcome(() => emailOf(sent))
    if (email instanceof Refusal) return
    expect(email).toMatch(/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/)
    expect(email.length).toBeLessThanOrEqual(254)
  }
  fc.assert(fc.property(text, holds), { numRuns })
})
