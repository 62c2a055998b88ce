import { setTimeout as sleep } from 'node:timers/promises'
import type { Company } from '../people/company.js'
import { request } from '../wire/request.js'
import { Unexpected } from '../wire/unexpected.js'
import type { Case } from './case.js'
import { Limited } from './limited.js'
import type { Target } from './target.js'
import { keepTranscript, type Line } from './transcript.js'
import { beginTrial } from './trial.js'

/** What came of one case. */
export interface Outcome {
  readonly case: Case
  /** `untried`: it cannot be tried here, or a limit stood before it. */
  readonly verdict: 'held' | 'failed' | 'untried'
  readonly ms: number
  /** Why it was not tried. */
  readonly why?: string
  /** A limit stood before it: another time it could be tried. */
  readonly isLimited?: boolean
  readonly expected?: string
  readonly came?: string
  readonly dialogue?: readonly Line[]
}

export interface RunOptions {
  readonly target: Target
  readonly company: Company
  /** Cases at a time. */
  readonly jobs: number
  readonly onOutcome?: (outcome: Outcome) => void
}

const caseSeconds = 60
const tries = 4

/** Tries every case. Cases that a limit stood before are tried again one by one, when the others are done. */
export async function runCases(cases: readonly Case[], options: RunOptions): Promise<Outcome[]> {
  const { target, onOutcome, jobs } = options
  const outcomes = new Map<Case, Outcome>()
  const settle = (outcome: Outcome) => {
    outcomes.set(outcome.case, outcome)
    onOutcome?.(outcome)
  }
  let turns = 0
  const turn = () => turns++
  const later: Case[] = []
  // What waits longest begins first; what is about limits disturbs nobody at the end.
  const waits = (each: Case) => each.timeoutSeconds ?? 0
  const [about, plain] = [cases.filter(each => each.aboutLimits), cases.filter(each => !each.aboutLimits)]
  const queue = plain.toSorted((a, b) => waits(b) - waits(a)).values()
  const lane = async () => {
    for (const next of queue) {
      const outcome = await tryCase(next, options, turn)
      if (outcome.isLimited) later.push(next)
      else settle(outcome)
    }
  }
  await Promise.all(Array.from({ length: jobs }, lane))
  for (const next of [...later, ...about]) {
    let outcome = await tryCase(next, options, turn)
    for (let n = 1; n < tries && !next.floods; n++) {
      const { isLimited, retryAfterSeconds = 0 } = outcome
      if (!isLimited || retryAfterSeconds > target.patienceSeconds) break
      await sleep(retryAfterSeconds * 1_000)
      outcome = await tryCase(next, options, turn)
    }
    settle(outcome)
  }
  return cases.flatMap(each => outcomes.get(each) ?? [])
}

async function tryCase(
  each: Case,
  { target, company }: RunOptions,
  turn: () => number,
): Promise<Outcome & { readonly retryAfterSeconds?: number }> {
  const why = each.cannot?.(target)
  if (why !== undefined) return { case: each, verdict: 'untried', ms: 0, why }
  const since = performance.now()
  const transcript = keepTranscript(() => performance.now())
  const aboutLimits = each.aboutLimits ?? false
  const trial = beginTrial({ target, company, transcript, aboutLimits, turn })
  const seconds = each.timeoutSeconds ?? caseSeconds
  const timer = new AbortController()
  try {
    const run = each.run(trial)
    run.catch(() => {}) // when it is late, nobody listens any more
    const isLate = async () => {
      for (;;) {
        const leftMs = since + seconds * 1_000 + trial.waitedMs() - performance.now()
        if (leftMs <= 0) throw new Unexpected(`an end within ${seconds} s`, 'none')
        await sleep(leftMs, undefined, { signal: timer.signal })
      }
    }
    const late = isLate()
    late.catch(() => {})
    await Promise.race([run, late])
    return { case: each, verdict: 'held', ms: performance.now() - since }
  } catch (error) {
    const ms = performance.now() - since
    if (error instanceof Limited) {
      const { message, retryAfterSeconds } = error
      return { case: each, verdict: 'untried', ms, why: message, isLimited: true, retryAfterSeconds }
    }
    const known = error instanceof Unexpected
    const [expected, came] = known ? [error.expected, error.came] : ['no error', String(error)]
    return { case: each, verdict: 'failed', ms, expected, came, dialogue: transcript.lines }
  } finally {
    timer.abort()
    await trial.end()
    if (company.isScarce) await company.release(askOf(target), trial.members).catch(() => {})
    else company.retire(trial.members)
  }
}

/** Requests beside the cases: nothing of them is judged. */
export const askOf =
  ({ apis, ca }: Pick<Target, 'apis' | 'ca'>) =>
  (method: string, path: string, more = {}) =>
    request(apis[0], method, path, { ...(ca && { ca }), ...more })
