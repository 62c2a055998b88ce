import { useTexts } from '../state/panel.js'
import type { CallRow, CallView } from '../state/views.js'
import { verdictText } from '../texts/verdict.js'

export interface VerdictProps {
  readonly verdict: CallView['verdict']
  readonly call: CallRow
}

/** What came of it, in a sentence. */
export function Verdict({ verdict, call }: VerdictProps) {
  const { call: t } = useTexts()
  const isGood = call.answeredAt !== null
  return (
    <section class={`verdict${isGood ? ' good' : ''}`} aria-label={t.title}>
      <h2>{t.title}</h2>
      <p>{verdictText(verdict, t.verdicts)}</p>
    </section>
  )
}
