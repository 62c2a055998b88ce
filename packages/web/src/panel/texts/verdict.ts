import type { CallView } from '@switchboard/protocol/admin'
import type { PanelTexts } from './like.js'

type Texts = Pick<PanelTexts['call'], 'verdicts' | 'rang'>

/** The server's verdict in words: whether it rang, and what came of it. */
export function verdictText(
  { code, rang, devices, secondsToRing }: CallView['verdict'],
  { verdicts, rang: rangText }: Texts,
  seconds: (value: number) => string,
): string {
  const known: Readonly<Record<string, string>> = verdicts
  const said = (Object.hasOwn(known, code) ? known[code] : undefined) ?? verdicts.unknown
  return rang && secondsToRing !== null ? `${rangText(devices, seconds(secondsToRing))} ${said}` : said
}
