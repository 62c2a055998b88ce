import fc from 'fast-check'

const index = fc.nat({ max: 11 })
const user = fc.nat({ max: 3 })
const oneIn = (n: number) => fc.nat({ max: n - 1 }).map(drawn => drawn === n - 1)
const naming = ['number', 'number', 'number', 'id', 'id', 'other id', 'no such id'] as const

type Word = 'call' | 'accept' | 'deny' | 'candidate' | 'hangUp'

export type Step =
  | {
      readonly do: Word
      readonly who: number
      /** Mostly the other party of a call it is in, or somebody; also nobody, or a number of the past. */
      readonly whom: number
      readonly by: (typeof naming)[number]
      /** Whether a device speaks that has nothing to say here. */
      readonly bold: boolean
    }
  | {
      readonly do: 'arrive'
      readonly user: number
      readonly login: number
      /** In place of which absent or present device, if any; by its login alone, or by its session. */
      readonly instead: number
      readonly session: boolean
    }
  | { readonly do: 'resume' | 'away' | 'leave'; readonly who: number; readonly busy: boolean }
  | { readonly do: 'located'; readonly index: number; readonly found: boolean; readonly again: boolean }
  | { readonly do: 'renumber'; readonly user: number }
  | { readonly do: 'wait'; readonly ms: number }

const says = (word: Word) =>
  fc.record({
    do: fc.constant(word),
    who: fc.nat({ max: 59 }),
    whom: fc.nat({ max: 15 }),
    by: fc.constantFrom(...naming),
    bold: oneIn(8),
  })
const moves = (kind: 'resume' | 'away' | 'leave') =>
  fc.record({ do: fc.constant(kind), who: fc.nat({ max: 59 }), busy: fc.boolean() })
const arrives = fc.record({
  do: fc.constant('arrive' as const),
  user,
  login: fc.nat({ max: 1 }),
  instead: fc.nat({ max: 59 }),
  session: oneIn(3),
})
const some = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary })

const step: fc.Arbitrary<Step> = fc.oneof(
  some(14, says('call')),
  some(8, says('accept')),
  some(2, says('deny')),
  some(18, says('candidate')),
  some(3, says('hangUp')),
  some(6, arrives),
  some(8, moves('away')),
  some(7, moves('resume')),
  some(1, moves('leave')),
  some(
    12,
    fc.record({ do: fc.constant('located'), index, found: oneIn(10).map(no => !no), again: oneIn(10) }),
  ),
  some(1, fc.record({ do: fc.constant('renumber'), user })),
  some(
    7,
    fc.record({
      do: fc.constant('wait'),
      ms: fc.constantFrom(0, 1, 1, 1, 20, 500, 9_999, 29_999, 30_000, 30_001, 60_000),
    }),
  ),
)

/** A whole play: who is there at first, how the world behaves, and what everybody then does. */
export const script = fc.record({
  devices: fc.tuple(...[0, 1, 2, 3].map(() => fc.nat({ max: 3 }))),
  /** Whether the directory answers at once; else in any order and late. */
  quickLookups: fc.boolean(),
  /** Whether the timer fires on the millisecond; else only when somebody waits long enough. */
  punctual: oneIn(4).map(not => !not),
  steps: fc.array(step, { maxLength: 100, size: 'max' }),
})
export type Script = typeof script extends fc.Arbitrary<infer Value> ? Value : never
