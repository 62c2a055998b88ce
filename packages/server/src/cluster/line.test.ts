import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLine, type Line, type LineFrame } from './line.js'
import { virtualTime } from './simulation/time.testing.js'

/** Two ends of a line over a bus that loses, repeats and delays as it is told to. */
function wire(fate: () => { copies: number; delayMs: number }) {
  const time = virtualTime()
  let epochs = 0
  const side = (other: () => Line) => {
    const heard: string[] = []
    const lost: (readonly string[])[] = []
    const make = (floor = 0) =>
      createLine({
        newEpoch: () => ++epochs,
        after: time.after,
        deliver: body => void heard.push(body),
        broken: what => void lost.push(what),
        floor,
        send(frame: LineFrame) {
          const { copies, delayMs } = fate()
          for (let copy = 0; copy < copies; copy++) time.after(delayMs, () => other().receive(frame))
        },
      })
    return { heard, lost, make, line: make() }
  }
  const here = side(() => there.line)
  const there: ReturnType<typeof side> = side(() => here.line)
  return { time, here, there }
}

const clean = () => ({ copies: 1, delayMs: 1 })

test('whatever the bus loses, repeats or swaps, everything arrives once and in order', async () => {
  const fates = fc.array(
    fc.record({ copies: fc.integer({ max: 3, min: 0 }), delayMs: fc.integer({ max: 200, min: 0 }) }),
    {
      minLength: 20,
      maxLength: 60,
    },
  )
  await fc.assert(
    fc.asyncProperty(fates, fc.integer({ min: 1, max: 90 }), async (given, count) => {
      const left = [...given]
      const { time, here, there } = wire(() => left.shift() ?? clean())
      const said = Array.from({ length: count }, (_, n) => `${n}`)
      for (const body of said) {
        here.line.send(body)
        there.line.send(body)
        await time.pass(5)
      }
      await time.pass(60_000)
      expect(here.heard).toEqual(said)
      expect(there.heard).toEqual(said)
      expect([here.line.waiting(), there.line.waiting()]).toEqual([0, 0])
      expect([...here.lost, ...there.lost]).toEqual([])
    }),
    { numRuns: 60 },
  )
})

test('given up, it says what has no receipt: of a text in parts, the whole', async () => {
  let isCut = false
  const { time, here, there } = wire(() => ({ copies: isCut ? 0 : 1, delayMs: 1 }))
  here.line.send('arrives')
  await time.pass(100)
  isCut = true
  here.line.send('first half', 'both halves')
  here.line.send('second half', 'both halves')
  here.line.send('late')
  expect(here.line.close().lost).toEqual(['both halves', 'late'])
  expect(there.heard).toEqual(['arrives'])
})

test('when the other side began anew, it says what may be lost, and goes on', async () => {
  let isCut = false
  const { time, here, there } = wire(() => ({ copies: isCut ? 0 : 1, delayMs: 1 }))
  here.line.send('before')
  there.line.send('before')
  await time.pass(100)
  isCut = true
  here.line.send('on its way')
  isCut = false
  there.line.close()
  there.line = there.make()
  await time.pass(5_000)
  expect(here.lost).toEqual([['on its way']])
  here.line.send('after')
  await time.pass(1_000)
  expect(there.heard).toEqual(['before', 'after'])
})
