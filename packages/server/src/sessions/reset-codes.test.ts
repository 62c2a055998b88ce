import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '../limits.js'
import { codeAlphabet, makeCode, readCode } from './reset-codes.js'
import { addUser, outcome, rows, type TestNode, testDeployment } from './testing.js'

let deployment: Awaited<ReturnType<typeof testDeployment>>
let node: TestNode
let user: Awaited<ReturnType<typeof addUser>>
beforeAll(async () => {
  deployment = await testDeployment()
  node = await deployment.node()
})
beforeEach(async () => {
  user = await addUser(node)
})
afterAll(() => deployment.close())

async function newCode(): Promise<string> {
  const issued = await node.resetCodes.issue(user.email)
  return issued?.code ?? 'no account'
}
const verify = (code: string, email = user.email) => outcome(node.sessions.verifyResetCode(email, code))
const wrong = (code: string) => (code.startsWith('A') ? 'B' : 'A') + code.slice(1)
const count = (outcomes: string[], which: string) => outcomes.filter(each => each === which).length

describe('a code', () => {
  test('has ten symbols of 32 that nobody mistakes for one another, each as likely', () => {
    expect(new Set(codeAlphabet).size).toBe(32)
    expect(codeAlphabet).not.toMatch(/[^0-9A-Z]|[ILOU]/)
    const codes = Array.from({ length: 2_000 }, () => makeCode())
    expect(new Set(codes).size).toBe(2_000)
    for (let position = 0; position < limits.resetCodeLength; position++) {
      const seen = new Map<string, number>()
      for (const code of codes) {
        expect(code).toHaveLength(10)
        const symbol = code[position] ?? ''
        seen.set(symbol, (seen.get(symbol) ?? 0) + 1)
      }
      const expected = codes.length / 32
      const chiSquare = [...codeAlphabet].reduce(
        (sum, symbol) => sum + ((seen.get(symbol) ?? 0) - expected) ** 2 / expected,
        0,
      )
      expect(chiSquare).toBeLessThan(95) // 31 degrees of freedom: fair dice are never so far off
    }
  })

  test('is read in any case, with spaces around it, and with the letters people take digits for', () => {
    expect(readCode('  exampie1O3 ')).toBe('EXAMP1E103')
    expect(readCode('abcdefgh0l')).toBe('ABCDEFGH01')
  })

  test('buys one reset token for ten minutes', async () => {
    const code = await newCode()
    const { expiresAt } = await node.sessions.verifyResetCode(
      user.email.toUpperCase(),
      ` ${code.toLowerCase()} `,
    )
    expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(598_000)
    expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(600_000)
    expect(await verify(code)).toBe('invalid_code')
  })

  test('is good at 9:59 and not at 10:01', async () => {
    const early = await deployment.node()
    const code = (await early.resetCodes.issue(user.email))?.code ?? ''
    early.clock.advance(599_000)
    expect(await outcome(early.sessions.verifyResetCode(user.email, code))).toBe('accepted')
    const another = (await early.resetCodes.issue(user.email))?.code ?? ''
    early.clock.advance(601_000)
    expect(await outcome(early.sessions.verifyResetCode(user.email, another))).toBe('invalid_code')
  })

  test('dies by a newer one, also when several are made at once', async () => {
    const first = await newCode()
    const codes = [first, ...(await Promise.all(Array.from({ length: 5 }, newCode)))]
    const living = await rows(
      node,
      'select id from password_resets where user_id = $1 and superseded_at is null',
      [user.id],
    )
    expect(living).toHaveLength(1)
    expect(await verify(first)).toBe('invalid_code')
    const outcomes = []
    for (const code of codes.slice(1)) outcomes.push(await verify(code))
    expect(count(outcomes, 'accepted')).toBeLessThanOrEqual(1) // the attempts at the others count for the living one
  })

  test('is nobody’s without an account, for a disabled one, or for another’s', async () => {
    const code = await newCode()
    const other = await addUser(node)
    expect(await node.resetCodes.issue('nobody@domain.yup')).toBeUndefined()
    expect(await verify(code, 'nobody@domain.yup')).toBe('invalid_code')
    expect(await verify(code, other.email)).toBe('invalid_code')
    await node.control.disable(user.id)
    expect(await node.resetCodes.issue(user.email)).toBeUndefined()
    expect(await verify(code)).toBe('invalid_code')
  })

  test('is not in the table, nor any plain digest of it', async () => {
    const code = await newCode()
    const [row] = await rows<{ code_hash: Buffer }>(
      node,
      'select code_hash from password_resets where user_id = $1',
      [user.id],
    )
    const stored = row?.code_hash.toString('hex') ?? ''
    expect(stored).toHaveLength(64)
    expect(stored).not.toContain(Buffer.from(code).toString('hex'))
    for (const algorithm of ['sha1', 'sha256', 'sha512', 'md5']) {
      expect(createHash(algorithm).update(code).digest('hex')).not.toBe(stored)
    }
  })

  test('that was spent long ago is cleared away', async () => {
    await newCode()
    await rows(
      node,
      `update password_resets set created_at = now() - interval '25 hours' where user_id = $1`,
      [user.id],
    )
    await newCode()
    expect(await rows(node, 'select id from password_resets where user_id = $1', [user.id])).toHaveLength(1)
  })
})

describe('attempts', () => {
  test('five wrong ones, and the right one is too late', async () => {
    const code = await newCode()
    for (let attempt = 1; attempt <= 5; attempt++) expect(await verify(wrong(code))).toBe('invalid_code')
    expect(await verify(code)).toBe('invalid_code')
  })

  test('four wrong ones, and the right one is good', async () => {
    const code = await newCode()
    for (let attempt = 1; attempt <= 4; attempt++) await verify(wrong(code))
    expect(await verify(code)).toBe('accepted')
  })

  test('a hundred wrong ones at once count five, and the right one is too late', async () => {
    const code = await newCode()
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => verify(wrong(code))))
    expect(count(outcomes, 'invalid_code')).toBe(100)
    const [row] = await rows<{ attempts: number }>(
      node,
      'select attempts from password_resets where user_id = $1',
      [user.id],
    )
    expect(row?.attempts).toBe(5)
    expect(await verify(code)).toBe('invalid_code')
  })

  test('a hundred right ones at once on two nodes buy exactly one token', async () => {
    const other = await deployment.node()
    const code = await newCode()
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        outcome((index % 2 ? node : other).sessions.verifyResetCode(user.email, code)),
      ),
    )
    expect(count(outcomes, 'accepted')).toBe(1)
    expect(count(outcomes, 'invalid_code')).toBe(99)
  })

  test('a refusal takes its time, whether there was anything to compare or not', async () => {
    const code = await newCode()
    for (const email of [user.email, 'nobody@domain.yup']) {
      const begun = performance.now()
      await verify(wrong(code), email)
      const took = performance.now() - begun
      expect(took).toBeGreaterThan(limits.refusedCodeMs - 2)
    }
  })
})

test('a code sealed with the key before a rotation is still good', async () => {
  const code = await newCode()
  const { rotateKeys } = await import('./key-file.js')
  await rotateKeys(deployment.keyFile)
  node.clock.advance(1_000)
  await node.keys.signing()
  expect(await verify(code)).toBe('accepted')
})
