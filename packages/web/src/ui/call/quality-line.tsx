import { Icon } from '../../parts/icon.js'
import { useApp } from '../../state/app.js'
import type { Line } from '../../state/line.js'

/** How good the connection is: there and back, what is lost, and the way it goes. */
export function QualityLine({ line }: { readonly line: Line }) {
  const t = useApp().texts.value.call
  const quality = line.quality.value
  if (!quality || line.phase.value !== 'connected') return null
  const { rating, roundTripMs, lossPercent, relayed } = quality
  const percent = lossPercent > 0 && lossPercent < 10 ? lossPercent.toFixed(1) : lossPercent.toFixed(0)
  const parts = [
    ...(roundTripMs === undefined ? [] : [t.milliseconds(roundTripMs)]),
    t.loss(percent),
    ...(relayed === undefined ? [] : [relayed ? t.relay : t.direct]),
  ]
  return (
    <p class="quality" data-rating={rating}>
      <Icon name="signal" />
      <span class="unseen">{t.quality}: </span>
      <strong>{t.rating[rating]}</strong>
      <span>{parts.join(' · ')}</span>
    </p>
  )
}
