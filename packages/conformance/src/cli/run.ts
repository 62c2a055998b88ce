import { writeFileSync } from 'node:fs'
import { allCases } from '../cases/index.js'
import { gather } from '../people/company.js'
import { e164Number, openNumber } from '../people/member.js'
import { toJson } from '../report/json.js'
import { toJunit } from '../report/junit.js'
import { caseLine, failureBlock, headline, type Paint, summaryBlock } from '../report/terminal.js'
import type { Case } from '../run/case.js'
import { probe } from '../run/probe.js'
import { askOf, runCases } from '../run/runner.js'
import { type Options, Usage } from './options.js'

export interface Terminal {
  /** Aborted when the user wants an end. */
  readonly interrupted: AbortSignal
  readonly paint: Paint
  out(text: string): void
  err(text: string): void
  /** How far it is, where somebody looks on; gone with what is said next. */
  progress(text: string): void
}

/** Those that were asked for. */
export function chosen(only: readonly string[]): readonly Case[] {
  const cases = allCases()
  for (const wish of only) {
    if (!cases.some(({ id }) => id.startsWith(wish)))
      throw new Usage(`no case begins with ${wish}; see --list`)
  }
  return only.length === 0 ? cases : cases.filter(({ id }) => only.some(wish => id.startsWith(wish)))
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<undefined>(resolve => signal.addEventListener('abort', () => resolve(undefined)))

/** Tries a server; the exit code. Whatever ends it, the users that it made are deleted. */
export async function runKit(options: Options, terminal: Terminal): Promise<number> {
  const { server, only, jobs, json, junit, verbose } = options
  const { paint } = terminal
  const cases = chosen(only)
  const say = json === '-' ? terminal.err : terminal.out
  const company = gather()
  const since = performance.now()
  try {
    const found = await probe(server, company, server)
    const target = { ...server, ...found, freshNumber: found.plan === 'open' ? openNumber : e164Number }
    say(headline(target, cases.length, paint))
    let over = 0
    terminal.progress(`  0 of ${cases.length}`)
    const running = runCases(cases, {
      target,
      company,
      jobs,
      onOutcome: outcome => {
        if (terminal.interrupted.aborted) return
        if (verbose) say(caseLine(outcome, paint))
        if (outcome.verdict === 'failed') say(failureBlock(outcome, paint))
        over += 1
        terminal.progress(`  ${over} of ${cases.length}`)
      },
    })
    running.catch(() => {}) // once it is interrupted, nobody listens any more
    const outcomes = await Promise.race([running, untilAborted(terminal.interrupted)])
    if (!outcomes) return 130
    say(summaryBlock(outcomes, (performance.now() - since) / 1_000, paint))
    if (json !== undefined) {
      const text = toJson(target, outcomes)
      if (json === '-') terminal.out(text)
      else writeFileSync(json, text)
    }
    if (junit !== undefined) writeFileSync(junit, toJunit(outcomes))
    if (outcomes.some(({ verdict }) => verdict === 'failed')) return 1
    return outcomes.some(({ isLimited }) => isLimited) ? 2 : 0
  } finally {
    const left = await company.leave(askOf(server))
    if (left > 0) terminal.err(`${left} users could not be deleted; their emails begin with conformance.\n`)
  }
}
