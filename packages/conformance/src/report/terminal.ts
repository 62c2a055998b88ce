import { sections } from '../cases/index.js'
import { sectionOf } from '../run/case.js'
import type { Outcome } from '../run/runner.js'
import type { Target } from '../run/target.js'
import { summaryOf } from './json.js'
import { lineOf } from './junit.js'

export interface Paint {
  good(text: string): string
  bad(text: string): string
  dim(text: string): string
  strong(text: string): string
}

const code = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`
export const colours: Paint = { good: code(32, 39), bad: code(31, 39), dim: code(2, 22), strong: code(1, 22) }
const same = (text: string) => text
export const plain: Paint = { good: same, bad: same, dim: same, strong: same }

const marks = { held: '✓', failed: '✗', untried: '–' } as const

export const headline = ({ apis, profile, plan }: Target, count: number, { strong, dim }: Paint) =>
  `${strong('switchboard-conformance')}  ${apis.join(' ')}  ${dim(`profile ${profile}, plan ${plan}, ${count} cases`)}\n`

/** One case, as soon as it is over. */
export function caseLine({ case: { id, says }, verdict, ms, why }: Outcome, paint: Paint): string {
  const mark = { held: paint.good, failed: paint.bad, untried: paint.dim }[verdict](marks[verdict])
  const more = verdict === 'untried' ? why : `${Math.round(ms)} ms`
  return `  ${mark} ${id.padEnd(38)} ${says} ${paint.dim(`(${more})`)}\n`
}

/** How much of a long dialogue is shown; the files have it whole. */
const shown = { first: 12, last: 36 }

/** What did not hold, with what was said. */
export function failureBlock({ case: each, expected, came, dialogue = [] }: Outcome, paint: Paint): string {
  const left = dialogue.length - shown.first - shown.last
  const said = dialogue.map(lineOf)
  if (left > 1) said.splice(shown.first, left, `… ${left} lines, in --json and --junit`)
  const lines = said.map(line => `    ${paint.dim(line)}\n`).join('')
  return [
    `\n${paint.bad(marks.failed)} ${paint.strong(each.id)}  ${paint.dim(`contract ${each.clause}`)}\n`,
    `  ${each.says}\n`,
    `  expected  ${expected}\n`,
    `  came      ${paint.bad(String(came))}\n`,
    `  dialogue\n${lines}`,
  ].join('')
}

/** A line a section, what was not tried and why, and the sum. */
export function summaryBlock(outcomes: readonly Outcome[], seconds: number, paint: Paint): string {
  const rows = Object.entries(sections).flatMap(([section, title]) => {
    const own = outcomes.filter(each => sectionOf(each.case) === section)
    if (own.length === 0) return []
    const { held, failed, untried } = summaryOf(own)
    const parts = [
      paint.good(`${marks.held} ${String(held).padStart(3)}`),
      failed > 0 ? paint.bad(`${marks.failed} ${String(failed).padStart(3)}`) : '     ',
      untried > 0 ? paint.dim(`${marks.untried} ${String(untried).padStart(3)}`) : '',
    ]
    return [`  ${title.padEnd(28)} ${parts.join('   ').trimEnd()}\n`]
  })
  const reasons = new Map<string, number>()
  for (const { why } of outcomes) if (why !== undefined) reasons.set(why, (reasons.get(why) ?? 0) + 1)
  const untriedFor = [...reasons].map(([why, count]) =>
    paint.dim(`  ${marks.untried} ${String(count).padStart(3)}  ${why}\n`),
  )
  const { held, failed, untried } = summaryOf(outcomes)
  const sum = `${held} held, ${failed} did not, ${untried} not tried, ${seconds.toFixed(1)} s`
  const whole = failed > 0 ? paint.bad(sum) : paint.good(sum)
  const gap = untriedFor.length > 0 ? '\n' : ''
  return `\n${rows.join('')}${gap}${untriedFor.join('')}\n  ${paint.strong(whole)}\n`
}
