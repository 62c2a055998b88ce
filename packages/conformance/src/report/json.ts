import { type Case, sectionOf } from '../run/case.js'
import type { Outcome } from '../run/runner.js'
import type { Target } from '../run/target.js'

export interface Summary {
  readonly held: number
  readonly failed: number
  readonly untried: number
}

export const summaryOf = (outcomes: readonly Outcome[]): Summary => {
  const count = (verdict: Outcome['verdict']) => outcomes.filter(each => each.verdict === verdict).length
  return { held: count('held'), failed: count('failed'), untried: count('untried') }
}

const plain = ({ case: { id, clause, says }, ms, ...outcome }: Outcome) => ({
  id,
  section: sectionOf({ id }),
  clause,
  says,
  ms: Math.round(ms),
  ...outcome,
})

/** The outcome for programs. */
export const toJson = (target: Target, outcomes: readonly Outcome[]): string =>
  `${JSON.stringify(
    {
      server: { apis: target.apis, signals: target.signals, profile: target.profile, plan: target.plan },
      summary: summaryOf(outcomes),
      cases: outcomes.map(plain),
    },
    null,
    2,
  )}\n`

/** The cases for programs, before they are tried. */
export const listCases = (cases: readonly Case[]): string => {
  const width = Math.max(...cases.map(({ id }) => id.length))
  const clauses = Math.max(...cases.map(({ clause }) => clause.length))
  return cases
    .map(({ id, clause, says }) => `${id.padEnd(width)}  ${clause.padEnd(clauses)}  ${says}\n`)
    .join('')
}
