import type { CallView } from '@switchboard/protocol/admin'
import { useTexts } from '../state/panel.js'
import { figuresIn } from '../texts/figures.js'
import { verdictText } from '../texts/verdict.js'

export interface VerdictProps {
  readonly verdict: CallView['verdict']
}

/** What came of it, in a sentence. */
export function Verdict({ verdict }: VerdictProps) {
  const texts = useTexts()
  const { call: t } = texts
  return (
    <section class="verdict" aria-label={t.title}>
      <h2>{t.title}</h2>
      <p>{verdictText(verdict, t, figuresIn(texts).seconds)}</p>
    </section>
  )
}
