import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import { root } from '../product.js'

const main = join(root, 'packages', 'conformance', 'dist', 'main.js')

interface Tried {
  readonly id: string
  readonly verdict: 'held' | 'failed' | 'untried'
  readonly why?: string
  readonly expected?: string
  readonly came?: string
}

export interface KitRun {
  readonly code: number | null
  /** What a person reads. */
  readonly shown: string
  readonly cases: readonly Tried[]
  readonly failed: readonly string[]
  /** Why cases were not tried, once each. */
  readonly reasons: readonly string[]
}

/** The kit as its users start it: a process that knows a URL. */
export const startKit = (...args: readonly string[]) =>
  spawn(process.execPath, [main, '--json', '-', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH },
  })

/** Runs it to its end. */
export async function runKit(...args: readonly string[]): Promise<KitRun> {
  const child = startKit(...args)
  const ended = once(child, 'exit')
  const [json, shown] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = (await ended) as [number | null]
  const { cases } = (json === '' ? { cases: [] } : JSON.parse(json)) as { cases: Tried[] }
  return {
    code,
    shown,
    cases,
    failed: cases.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id),
    reasons: [...new Set(cases.flatMap(({ why }) => why ?? []))].toSorted(),
  }
}

/** All of it held, and nothing was left out but for these reasons. */
export function expectHeld(
  { code, shown, cases, failed, reasons }: KitRun,
  ...left: readonly string[]
): void {
  expect(failed, shown).toEqual([])
  expect(reasons).toEqual(left.toSorted())
  expect(code, shown).toBe(0)
  expect(cases.length).toBeGreaterThan(150)
}

export const leftOut = {
  limits: 'keeps others at this address out for a while: --limits',
  mail: 'mail cannot be seen from outside: --mailbox-url',
  slow: 'sends 24 MB: --slow',
  strict: [
    'the standard profile admits strangers',
    'the standard profile does not ask',
    'the standard profile takes 8',
  ],
} as const
