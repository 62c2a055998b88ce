import type { CallView } from '../state/views.js'
import type { PanelTexts } from './like.js'

/** The server's verdict in words. */
export function verdictText({ code }: CallView['verdict'], verdicts: PanelTexts['call']['verdicts']): string {
  const texts: Readonly<Record<string, string>> = verdicts
  return (Object.hasOwn(texts, code) ? texts[code] : undefined) ?? verdicts.unknown
}
