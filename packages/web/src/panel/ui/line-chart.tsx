import { useState } from 'preact/hooks'
import { useTexts } from '../state/panel.js'
import { areaPath, linePath, roundedUp } from './line-path.js'

export interface Series {
  readonly name: string
  readonly values: readonly (number | null)[]
}

export interface LineChartProps {
  readonly title: string
  readonly series: readonly [Series, ...Series[]]
  /** When each of the values was measured. */
  readonly times: readonly string[]
  /** The day is said as well. */
  readonly isLong: boolean
  readonly format: (value: number) => string
  /** Where the scale ends at the lowest: a rate ends at one. */
  readonly least?: number
}

const width = 600
const height = 120

/** Lines over time. Whoever points at it reads the values of that moment; otherwise the newest stand above. */
export function LineChart({ title, series, times, isLong, format, least = 0 }: LineChartProps) {
  const t = useTexts()
  const [pointed, setPointed] = useState<number>()
  const known = series.flatMap(({ values }) => values.filter(value => value !== null))
  const highest = Math.max(least, ...known)
  const most = roundedUp(highest)
  const index = pointed !== undefined && pointed < times.length ? pointed : times.length - 1
  const at = times[index]
  const said = (value: number | null | undefined) =>
    value === null || value === undefined ? t.none : format(value)
  const clock = (time: string) =>
    new Date(time).toLocaleString(t.locale, {
      ...(isLong && { weekday: 'short' }),
      ...{ hour: '2-digit', minute: '2-digit' },
    })
  const point = (event: PointerEvent) => {
    const { left, width: wide } = (event.currentTarget as Element).getBoundingClientRect()
    const share = (event.clientX - left) / wide
    setPointed(Math.min(times.length - 1, Math.max(0, Math.round(share * (times.length - 1)))))
  }
  const x = (index / Math.max(1, times.length - 1)) * width
  const summary = series.map(({ name, values }) => {
    const most = Math.max(...values.filter(value => value !== null))
    const highest = Number.isFinite(most) ? format(most) : t.none
    return t.overview.drawn(name, said(values.at(-1)), highest)
  })

  return (
    <figure class="chart card">
      <figcaption class="chart-head">
        <h3>{title}</h3>
        <ul class="chart-legend">
          {series.map(({ name, values }, nth) => (
            <li key={name} class={`series-${nth}`}>
              {series.length > 1 && <span class="chart-name">{name}</span>}
              <b>{said(values[index])}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      <div class="chart-plot">
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={summary.join('; ')}
          onPointerMove={point}
          onPointerLeave={() => setPointed(undefined)}
        >
          {[0, 0.5, 1].map(share => (
            <path key={share} class="chart-grid" d={`M0 ${height * share}H${width}`} />
          ))}
          {series.length === 1 && (
            <path class="chart-area series-0" d={areaPath(series[0].values, width, height, most)} />
          )}
          {series.map(({ name, values }, nth) => (
            <path key={name} class={`chart-line series-${nth}`} d={linePath(values, width, height, most)} />
          ))}
          {pointed !== undefined && <path class="chart-cursor" d={`M${x} 0V${height}`} />}
        </svg>
        <span class="chart-most" aria-hidden="true">
          {format(most)}
        </span>
      </div>
      <p class="chart-times" aria-hidden="true">
        <span>{times[0] && clock(times[0])}</span>
        <span>{at && clock(at)}</span>
      </p>
    </figure>
  )
}
