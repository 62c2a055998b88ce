import { expect, test } from 'vitest'
import { idMaker } from './ids.js'

const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const timeOf = (id: string) => Number.parseInt(id.replace('-', '').slice(0, 12), 16)

test('ids are of version 7, rise, and tell when they were made', () => {
  const newId = idMaker()
  const before = Date.now()
  const ids = Array.from({ length: 2_000 }, newId)
  for (const id of ids) expect(id).toMatch(shape)
  expect(new Set(ids).size).toBe(ids.length)
  expect([...ids].sort()).toEqual(ids)
  expect(timeOf(ids[0] ?? '')).toBeGreaterThanOrEqual(before)
  expect(timeOf(ids.at(-1) ?? '')).toBeLessThanOrEqual(Date.now())
})

test('they rise while the clock stands still or goes back', () => {
  let at = 1_800_000_000_000
  const newId = idMaker(() => at)
  const ids = [newId(), newId()]
  at -= 10_000
  ids.push(newId(), newId())
  at += 10_001
  ids.push(newId())
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids.map(id => id.slice(-8))).size).toBe(ids.length)
})
