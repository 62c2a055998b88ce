import { Icon } from '../../parts/icon.js'
import { useApp } from '../../state/app.js'
import type { Line } from '../../state/line.js'
import { explain } from '../../texts/explain.js'

/** Why a call is over, when that is news, and what can be done about it. */
export function CallOver({ line }: { readonly line: Line }) {
  const { lines, texts } = useApp()
  const { call: t, close } = texts.value
  const { cause = 'hung_up', error } = line.end.value ?? {}
  const hint = error ? explain(error, texts.value) : (t.overHint as Partial<Record<string, string>>)[cause]
  return (
    <div class="call-over">
      <div role="alert">
        <p class="call-over-cause">{t.over[cause]}</p>
        {hint !== undefined && <p>{hint}</p>}
      </div>
      <div class="call-over-actions">
        <button type="button" class="button call" onClick={() => lines.dial(line.peer, line.call.hasVideo)}>
          <Icon name="call" />
          {t.again}
        </button>
        <button type="button" class="button plain" onClick={lines.dismiss}>
          {close}
        </button>
      </div>
    </div>
  )
}
