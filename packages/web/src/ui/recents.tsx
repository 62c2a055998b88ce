import type { CallView } from '@switchboard/client'
import { useEffect, useState } from 'preact/hooks'
import { Empty } from '../parts/empty.js'
import { useApp } from '../state/app.js'
import { isMissed } from '../state/past.js'
import type { Texts } from '../texts/like.js'
import { dayOf } from '../texts/moments.js'
import { CallList } from './call-list.js'
import { useAction } from './use-action.js'

/** Calls by the day they began, as they come: newest first. */
function byDay(
  calls: readonly CallView[],
  texts: Texts,
): readonly (readonly [string, readonly CallView[]])[] {
  const days = new Map<string, CallView[]>()
  for (const call of calls) {
    const day = dayOf(call.started_at, texts)
    days.set(day, [...(days.get(day) ?? []), call])
  }
  return [...days]
}

export function Recents() {
  const { past, texts } = useApp()
  const t = texts.value.recents
  const [isMissedOnly, setMissedOnly] = useState(false)
  const calls = past.calls.value
  const shown = isMissedOnly ? calls?.filter(isMissed) : calls
  const act = useAction()
  useEffect(() => past.seen, [calls]) // seen when somebody leaves, so that the badge can be read
  return (
    <section class="view">
      <header class="view-head">
        <h1>{t.title}</h1>
      </header>
      <fieldset class="switch">
        <legend class="unseen">{t.title}</legend>
        {[false, true].map(only => (
          <label key={String(only)}>
            <input
              type="radio"
              name="which"
              checked={only === isMissedOnly}
              onChange={() => setMissedOnly(only)}
            />
            <span>{only ? t.missed : t.all}</span>
          </label>
        ))}
      </fieldset>
      {shown?.length === 0 &&
        (isMissedOnly ? (
          <Empty icon="missed" title={t.noMissed} />
        ) : (
          <Empty icon="recents" title={t.empty} hint={t.emptyHint} />
        ))}
      {byDay(shown ?? [], texts.value).map(([day, those]) => (
        <section key={day} class="day">
          <h2>{day}</h2>
          <CallList calls={those} />
        </section>
      ))}
      {past.hasMore.value && (
        <button type="button" class="button plain wide" onClick={() => act(past.more)}>
          {t.more}
        </button>
      )}
    </section>
  )
}
