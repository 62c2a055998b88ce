import { expect } from 'vitest'
import { expectProblem } from '../expectations.js'
import type { RestResponse } from '../rest-client.js'
import type { Database } from './database.js'

type Ask = () => Promise<RestResponse>

/** The answers of so many at once. */
export const atOnce = (count: number, ask: (n: number) => Promise<RestResponse>): Promise<RestResponse[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => ask(n)))

/** How many of the answers have each status. */
export function statuses(answers: readonly RestResponse[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** Every 429 says when to come back. */
export function retryAfter(response: RestResponse): number {
  const seconds = Number(response.headers['retry-after'])
  expect(Number.isInteger(seconds) && seconds > 0, `Retry-After: ${response.headers['retry-after']}`).toBe(
    true,
  )
  return seconds
}

/**
 * Refused for these seconds and no longer: the refusal says how long, what is asked shortly before is refused still,
 * and what is asked then is not.
 */
export async function expectRefusedFor(
  seconds: number,
  code: string,
  ask: Ask,
  { elapse }: Pick<Database, 'elapse'>,
): Promise<RestResponse> {
  const margin = Math.min(20, Math.ceil(seconds / 2))
  const refusal = await ask()
  expectProblem(refusal, 429, code)
  expect(retryAfter(refusal)).toBeLessThanOrEqual(seconds)
  expect(retryAfter(refusal)).toBeGreaterThan(seconds - margin)
  await elapse(retryAfter(refusal) - margin)
  const early = await ask()
  expectProblem(early, 429, code)
  expect(retryAfter(early)).toBeLessThanOrEqual(margin)
  await elapse(retryAfter(early))
  const answer = await ask()
  expect(answer.status, answer.text).not.toBe(429)
  return answer
}
