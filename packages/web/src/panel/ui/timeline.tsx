import type { CallView } from '@switchboard/protocol/admin'
import { useTexts } from '../state/panel.js'
import { figuresIn } from '../texts/figures.js'
import { textOf } from '../texts/name.js'
import { Moment } from './moment.js'
import { Section } from './section.js'
import { ShortId } from './short-id.js'

/** Every step of a call in order, each with how long after the first it was. */
export function Timeline({ trace }: Pick<CallView, 'trace'>) {
  const texts = useTexts()
  const { call: t, calls } = texts
  const { seconds } = figuresIn(texts)
  const reasons = { ...calls.causes, ...t.reasons }
  const offered = { audio: calls.audio, video: calls.video }
  const said = (name: string, value: string) =>
    name === 'offered' ? t.offered(textOf(offered, value)) : textOf(reasons, value)
  const begin = trace[0] ? Date.parse(trace[0].at) : 0
  return (
    <Section title={t.timeline}>
      {trace.length === 0 && <p class="hint">{t.noTrace}</p>}
      <ol class="timeline">
        {trace.map(({ seq, at, kind, device, detail }) => (
          <li key={seq} data-kind={kind}>
            <p class="timeline-what">{textOf(t.kinds, kind)}</p>
            <p class="timeline-more">
              <Moment at={at} isExact />
              <span>+{seconds((Date.parse(at) - begin) / 1_000)}</span>
              {device !== null && <ShortId id={device} />}
              {Object.entries(detail).map(([name, value]) => (
                <span key={name}>{said(name, String(value))}</span>
              ))}
            </p>
          </li>
        ))}
      </ol>
    </Section>
  )
}
