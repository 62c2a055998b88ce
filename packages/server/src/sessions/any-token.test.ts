import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addUser, outcome, type TestNode, testDeployment } from './testing.js'

const numRuns = Number(process.env.FUZZ_RUNS ?? 1_000)

let deployment: Awaited<ReturnType<typeof testDeployment>>
let node: TestNode
let token: string
beforeAll(async () => {
  deployment = await testDeployment()
  node = await deployment.node()
  const { email, password } = await addUser(node)
  token = (await node.sessions.login(email, password)).token
})
afterAll(() => deployment.close())

const base64url = (text: string) => Buffer.from(text, 'utf8').toString('base64url')

const header = fc
  .oneof(
    fc.record({
      alg: fc.constantFrom<unknown>('none', 'nOnE', 'HS256', 'ES256', 'RS256', '', null, {}),
      kid: fc.constantFrom<unknown>('', '../../etc/passwd', '__proto__', null, 7, ['x'], 'x'.repeat(900)),
      typ: fc.constantFrom<unknown>('at+jwt', 'reset+jwt', 'JWT', {}),
      crit: fc.constantFrom<unknown>(undefined, [], ['b64'], 'exp'),
    }),
    fc.jsonValue(),
  )
  .map(value => base64url(JSON.stringify(value)))
const part = fc.oneof(
  header,
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', 'e30', 'bnVsbA', '='),
)
const made = fc.array(part, { maxLength: 5 }).map(parts => parts.join('.'))

/** The real token with one character changed, left out or put in. */
const mended = fc
  .tuple(fc.nat({ max: 2_000 }), fc.constantFrom('', 'A', '.', '=', '\0', 'é', ' '), fc.boolean())
  .map(([n, piece, isPutIn]) => {
    const at = n % token.length
    return token.slice(0, at) + piece + token.slice(isPutIn ? at : at + 1)
  })

/** The bytes that a token stands for; several spellings may have the same. */
const meaning = (text: string) =>
  text
    .split('.')
    .map(each => Buffer.from(each, 'base64url').toString('hex'))
    .join('.')

test('any text that is not the token opens nothing, and is refused in one way', async () => {
  const holds = async (text: string) => {
    const came = await outcome(node.sessions.access(text))
    if (came === 'accepted') expect(meaning(text)).toBe(meaning(token))
    else expect(came).toBe('invalid_token')
  }
  const text = fc.oneof(
    made,
    fc.constant(0).chain(() => mended),
    fc.string({ unit: 'binary', maxLength: 5_000 }),
  )
  await fc.assert(fc.asyncProperty(text, holds), { numRuns })
})

test('any text is no reset token', async () => {
  const holds = async (text: string) => {
    expect(await outcome(node.sessions.resetPassword(text, 'a@b.cd', 'betterPassword123'))).toBe(
      'invalid_token',
    )
  }
  const text = fc.oneof(
    made,
    fc.constant(0).map(() => token),
  )
  await fc.assert(fc.asyncProperty(text, holds), { numRuns: Math.min(numRuns, 300) })
})
