import { expect, test } from 'vitest'
import { isNumber, writeNumber } from './number.js'

test.each([
  ['1234567890', '123 456 7890'],
  ['12345', '12345'],
  ['123456', '123 456'],
  ['1234567', '123 4567'],
  ['12345678', '123 456 78'],
  ['+46701234567', '+46701234567'],
])('%s is written %s', (number, written) => {
  expect(writeNumber(number)).toBe(written)
})

test.each([
  ['+46 (0)70-123.45', true],
  ['123', true],
  ['12', false],
  ['1234567890123456', false],
  ['12a4', false],
  ['12#', false],
  ['', false],
])('%s may be a number: %s', (text, may) => {
  expect(isNumber(text)).toBe(may)
})
