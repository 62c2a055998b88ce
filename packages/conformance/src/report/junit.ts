import { sectionOf } from '../run/case.js'
import type { Outcome } from '../run/runner.js'
import type { Line } from '../run/transcript.js'

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** XML has no way to write most control characters; what is no character at all neither. */
const escaped = (text: string) =>
  [...text]
    .map(each => marks[each] ?? (/[\p{Cc}\p{Cs}]/u.test(each) && !/[\n\t]/.test(each) ? '\ufffd' : each))
    .join('')

export const lineOf = ({ atMs, who, direction, text }: Line) =>
  `${String(atMs).padStart(6)} ms  ${who.padEnd(6)} ${direction} ${text}`

function body({ verdict, why, expected, came, dialogue = [] }: Outcome): string {
  if (verdict === 'untried') return `<skipped message="${escaped(why ?? '')}"/>`
  if (verdict === 'held') return ''
  const message = escaped(`expected ${expected}, came ${came}`)
  return `<failure message="${message}">${escaped(dialogue.map(lineOf).join('\n'))}</failure>`
}

/** The outcome for what reads JUnit's XML. */
export function toJunit(outcomes: readonly Outcome[]): string {
  const cases = outcomes.map(outcome => {
    const { id, says, clause } = outcome.case
    const name = escaped(`${id}: ${says} (${clause})`)
    const seconds = (outcome.ms / 1_000).toFixed(3)
    return `    <testcase classname="${sectionOf({ id })}" name="${name}" time="${seconds}">${body(outcome)}</testcase>\n`
  })
  const count = (verdict: Outcome['verdict']) => outcomes.filter(each => each.verdict === verdict).length
  const counts = `tests="${outcomes.length}" failures="${count('failed')}" skipped="${count('untried')}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite name="switchboard-conformance" ${counts}>\n${cases.join('')}  </testsuite>\n</testsuites>\n`
}
