import { expect, test } from 'vitest'
import { keepRests } from './rest.js'

test('who was called three times in a minute rests until the first of them is a minute ago', () => {
  let now = 0
  const rests = keepRests(() => now)
  for (now of [0, 10_000, 20_000]) rests.called('1', '2')
  expect(rests.wait('1')).toBe(0)
  expect(rests.wait('2')).toBe(40_000)
  now = 60_001
  expect(rests.wait('2')).toBe(0)
})

test('who called six times rests as well', () => {
  let now = 0
  const rests = keepRests(() => now)
  for (const to of ['2', '3', '4', '5', '6', '7']) {
    now += 1_000
    rests.called('1', to)
  }
  expect(rests.wait('1')).toBe(55_000)
  expect(rests.wait('2')).toBe(0)
})

test('two of whom one called the other rest from each other, whoever called', () => {
  let now = 0
  const rests = keepRests(() => now)
  rests.called('1', '2')
  now = 15_000
  expect(rests.wait('1', ['2'])).toBe(45_000)
  expect(rests.wait('2', ['3', '1'])).toBe(45_000)
  expect(rests.wait('1', ['3'])).toBe(0)
})
