import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { judgePassword } from './passwords.js'

const seed = { email: 'somenice@domain.yup', phoneNumber: '1234567890', firstname: 'First', lastname: 'Last' }
const judge = (password: string, context = seed, min = 8) =>
  judgePassword(password, context, min, '/password').then(
    () => 'accepted',
    error => error.code as string,
  )

describe('accepted', () => {
  test.each([
    'SuperSecure',
    'betterPassword123',
    '😀😁😂🤣😃😄😅😆',
    'пароль из слов',
    ' spaces count ',
    'a'.repeat(128),
    '𝒳'.repeat(128),
    'tab\tand\u00a0space',
    // Digits that are neither a run nor repeated, nor the own number; and such within something longer.
    '8675309241',
    '912312312399',
    '1231231239',
    'heron 87654321',
    '87654321 herons',
    'heron 123123123',
    'ring 1234567890 tonight',
    // A word of one's own within others.
    'Firstborn of herons',
    'a first 2 herons',
  ])('%s', async password => expect(await judge(password)).toBe('accepted'))
})

describe('weak', () => {
  test.each([
    ['too short', '7chars!'],
    ['too short in code points', '😀😁😂🤣'],
    ['common', 'password1'],
    ['common in other case', 'PassWord1'],
    ['digits in a row', '87654321'],
    ['digits in a row, rising', '23456789'],
    ['the same digit', '00000000'],
    ['digits repeated', '123123123'],
    ['the own email', 'SomeNice@domain.yup'],
    ['its local part', 'somenice'],
    ['its local part with digits and signs', '1somenice!99'],
    ['the own number', '1234567890'],
    ['the own number as written elsewhere', '+123 (456) 78-90'],
    ['the first name with digits', 'First2024!'],
    ['the full name', 'First Last'],
    ['the full name joined', 'first.last'],
    ['the full name turned', 'LastFirst99'],
    ['the product', 'Switchboard'],
    ['the product with digits', 'switchboard1!'],
  ])('%s', async (_why, password) => expect(await judge(password)).toBe('weak_password'))

  test.each([
    ['short', 'A password has at least 8 characters'],
    ['First2024!', 'A password must not be your own name, email or number'],
    ['password1', 'This is one of the passwords that everybody tries first'],
  ])('%s: it is said why', async (password, why) => {
    await expect(judgePassword(password, seed, 8, '/password')).rejects.toThrow(why)
  })

  test('names in another Unicode form', async () => {
    const context = { ...seed, firstname: 'Renée-Zoë' }
    expect(await judge('Rene\u0301e-Zoe\u03081', context)).toBe('weak_password')
  })

  test('15 characters are asked for by the strict profile', async () => {
    expect(await judge('fourteen chars', seed, 15)).toBe('weak_password')
    expect(await judge('fifteen charact', seed, 15)).toBe('accepted')
  })

  test('every 90th of the commonest that are long enough', async () => {
    const path = createRequire(import.meta.url).resolve('@zxcvbn-ts/language-common/src/passwords.json')
    const common = (JSON.parse(await readFile(path, 'utf8')) as string[]).filter(word => word.length >= 8)
    expect(common.length).toBeGreaterThan(3_000)
    for (const word of common.filter((_, index) => index % 90 === 0)) {
      expect(await judge(word)).toBe('weak_password')
    }
  })
})

describe('not a password at all', () => {
  test.each([
    ['129 characters', 'a'.repeat(129)],
    ['a lone surrogate', 'surrogate \ud800 inside'],
    ['NUL', 'nul \0 inside'],
  ])('%s', async (_why, password) => {
    await expect(judgePassword(password, seed, 8, '/password')).rejects.toMatchObject({
      code: 'invalid_request',
      faults: [{ path: '/password' }],
    })
  })
})
