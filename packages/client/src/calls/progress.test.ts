import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { advance, begin, type Happening, type Progress, type Told, takenUp } from './progress.js'

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.constantFrom<Happening>({ kind: 'ringing' }, { kind: 'answered' }),
  fc.record({ kind: fc.constantFrom('media', 'signaling'), up: fc.boolean() }),
  fc.record({
    kind: fc.constant('ended' as const),
    end: fc.record({ cause: fc.constantFrom('hung_up', 'busy', 'connection_lost') }),
  }),
)
const start = fc.constantFrom(
  begin('outgoing'),
  begin('incoming'),
  begin('outgoing', false),
  takenUp(true),
  takenUp(false),
)

function play(from: Progress, happenings: readonly Happening[]) {
  const told: Told[] = []
  const states = [from]
  for (const each of happenings) {
    const [next, news] = advance(states.at(-1) as Progress, each)
    states.push(next)
    if (news) told.push(news)
  }
  return { told, states }
}

describe('whatever happens to a call', () => {
  const always = (holds: (played: ReturnType<typeof play>) => void) =>
    fc.assert(
      fc.property(start, fc.array(happening, { maxLength: 30 }), (from, all) => holds(play(from, all))),
      { numRuns: 1_000 },
    )

  it('ends once, and nothing is told after that', () =>
    always(({ told }) => {
      const at = told.indexOf('ended')
      expect(at === -1 || at === told.length - 1).toBe(true)
    }))

  it('connects once; after that it is lost and comes back in turns', () =>
    always(({ told }) => {
      const turns = told.filter(each => each !== 'ringing' && each !== 'ended')
      for (const [n, each] of turns.entries()) {
        if (each === 'connected') expect(n).toBe(0)
        if (n > 0) expect(each).toBe(turns[n - 1] === 'reconnecting' ? 'reconnected' : 'reconnecting')
      }
    }))

  it('is connected exactly when it is answered, and media and signaling are there', () =>
    always(({ states }) => {
      for (const { phase, answered, media, signaling } of states.slice(1)) {
        if (phase === 'connected') expect([answered, media, signaling]).toEqual([true, true, true])
        if (answered && media && signaling && phase !== 'ended') expect(phase).toBe('connected')
      }
    }))

  it('what was ended stays as it was', () =>
    always(({ states }) => {
      const at = states.findIndex(({ phase }) => phase === 'ended')
      if (at !== -1) for (const later of states.slice(at)) expect(later).toBe(states[at])
    }))
})

test('media that is there before the answer counts when the answer comes', () => {
  const { told } = play(begin('incoming'), [{ kind: 'media', up: true }, { kind: 'answered' }])
  expect(told).toEqual(['connected'])
})

test('the caller hears one ringing, however many there are', () => {
  expect(play(begin('outgoing'), [{ kind: 'ringing' }, { kind: 'ringing' }]).told).toEqual(['ringing'])
})
