import type { OverviewPoint } from '@switchboard/protocol/admin'
import { useTexts } from '../state/panel.js'
import { figuresIn } from '../texts/figures.js'
import { LineChart } from './line-chart.js'

/** The last hour, in pictures. */
export function Charts({ points }: { readonly points: readonly OverviewPoint[] }) {
  const texts = useTexts()
  const t = texts.overview
  const figures = figuresIn(texts)
  const times = points.map(({ at }) => at)
  const line = (name: string, read: (point: OverviewPoint) => number | null) => ({
    name,
    values: points.map(read),
  })
  return (
    <div class="charts">
      <LineChart
        title={t.connections}
        times={times}
        format={figures.whole}
        series={[line(t.connections, point => point.connections)]}
      />
      <LineChart
        title={t.calls}
        times={times}
        format={figures.whole}
        series={[line(t.established, point => point.established), line(t.ringing, point => point.ringing)]}
      />
      <LineChart
        title={t.callsPerMinute}
        times={times}
        format={figures.rate}
        series={[line(t.callsPerMinute, point => point.callsPerMinute)]}
      />
      <LineChart
        title={t.answerRate}
        times={times}
        format={figures.share}
        least={1}
        series={[line(t.answerRate, point => point.answerRate)]}
      />
      <LineChart
        title={t.setUp}
        times={times}
        format={figures.seconds}
        series={[line(t.p50, point => point.setUpP50), line(t.p95, point => point.setUpP95)]}
      />
      <LineChart
        title={t.errors}
        times={times}
        format={figures.rate}
        series={[line(t.errors, point => point.errorsPerMinute)]}
      />
      <LineChart
        title={t.lag}
        times={times}
        format={figures.milliseconds}
        series={[line(t.lag, point => point.eventLoopLagMs)]}
      />
    </div>
  )
}
