import type { OverviewPoint } from '@switchboard/protocol/admin'
import { useTexts } from '../state/panel.js'
import { figuresIn } from '../texts/figures.js'
import { LineChart } from './line-chart.js'

export interface ChartsProps {
  readonly points: readonly OverviewPoint[]
  /** Over more than a day's clock can tell apart. */
  readonly isLong: boolean
}

/** How it was, in pictures. */
export function Charts({ points, isLong }: ChartsProps) {
  const texts = useTexts()
  const t = texts.overview
  const figures = figuresIn(texts)
  const when = { times: points.map(({ at }) => at), isLong }
  const line = (name: string, read: (point: OverviewPoint) => number | null) => ({
    name,
    values: points.map(read),
  })
  return (
    <div class="charts">
      <LineChart
        title={t.connections}
        {...when}
        format={figures.whole}
        series={[line(t.connections, point => point.connections)]}
      />
      <LineChart
        title={t.calls}
        {...when}
        format={figures.whole}
        series={[line(t.established, point => point.established), line(t.ringing, point => point.ringing)]}
      />
      <LineChart
        title={t.callsPerMinute}
        {...when}
        format={figures.rate}
        series={[line(t.callsPerMinute, point => point.callsPerMinute)]}
      />
      <LineChart
        title={t.answerRate}
        {...when}
        format={figures.share}
        least={1}
        series={[line(t.answerRate, point => point.answerRate)]}
      />
      <LineChart
        title={t.setUp}
        {...when}
        format={figures.seconds}
        series={[line(t.p50, point => point.setUpP50), line(t.p95, point => point.setUpP95)]}
      />
      <LineChart
        title={t.errors}
        {...when}
        format={figures.rate}
        series={[line(t.errors, point => point.errorsPerMinute)]}
      />
      <LineChart
        title={t.lag}
        {...when}
        format={figures.milliseconds}
        series={[line(t.lag, point => point.eventLoopLagMs)]}
      />
    </div>
  )
}
