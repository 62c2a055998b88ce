import type { Measured, Round } from '../measure/rounds.js'
import { median, pairedRatio, type Summary, summarise } from '../measure/statistics.js'
import type { Result, Table, Verdict } from './scenario.js'

export const format = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
export const withSpread = ({ median: middle, least, most }: Summary) =>
  `${format(middle)} (${format(least)} to ${format(most)})`

const serverCpu = ({ rounds }: Measured) => rounds.map(({ cpu }) => cpu.server)
const figures = ({ rounds }: Measured, of: (round: Round) => number) => summarise(rounds.map(of))

/** A row a system: CPU by process, rate, latency by kind, and what the load needed of its core. */
export function costsTable(measured: readonly Measured[]): Table {
  const kinds = [
    ...new Set(measured.flatMap(({ rounds }) => rounds.flatMap(round => Object.keys(round.latencies)))),
  ]
  const hasBus = measured.some(({ rounds }) => rounds.some(({ cpu }) => cpu.bus > 0))
  const head = [
    'System',
    'Server CPU µs',
    'PostgreSQL CPU µs',
    ...(hasBus ? ['NATS CPU µs'] : []),
    'a second',
    ...kinds.map(kind => `${kind}: p50, p99 ms`),
    'load',
  ]
  const rows = measured.map(each => [
    each.name,
    withSpread(figures(each, ({ cpu }) => cpu.server)),
    format(figures(each, ({ cpu }) => cpu.database).median),
    ...(hasBus ? [format(figures(each, ({ cpu }) => cpu.bus).median)] : []),
    figures(each, ({ perSecond }) => perSecond).median.toFixed(0),
    ...kinds.map(kind =>
      each.rounds.every(round => round.latencies[kind])
        ? `${format(figures(each, ({ latencies }) => latencies[kind]?.p50 ?? 0).median)}, ${format(figures(each, ({ latencies }) => latencies[kind]?.p99 ?? 0).median)}`
        : '',
    ),
    `${Math.round(100 * figures(each, ({ loadShare }) => loadShare).median)} %`,
  ])
  return { head, rows }
}

/** A load that used this much of its core may have been what limited the rate. */
const busyLoad = 0.85

function loadNotes(measured: readonly Measured[]): string[] {
  return measured
    .filter(({ rounds }) => median(rounds.map(({ loadShare }) => loadShare)) > busyLoad)
    .map(
      ({ name }) =>
        `The load was the bottleneck for ${name}: its rate is the load's, its CPU time is its own.`,
    )
}

/** Ours to theirs, round by round. */
function ratio(measured: readonly Measured[], name: string, against: string): Summary | undefined {
  const [ours, theirs] = [name, against].map(wanted => measured.find(each => each.name === wanted))
  return ours && theirs && pairedRatio(serverCpu(ours), serverCpu(theirs))
}

export function verdictsOf(
  measured: readonly Measured[],
  what: string,
  name: string,
  most: Readonly<Record<string, number>>,
): Verdict[] {
  return Object.entries(most).flatMap(([against, limit]) => {
    const found = ratio(measured, name, against)
    return found ? [{ what, against, measured: found, most: limit, unit: '×' as const }] : []
  })
}

export const costsResult = (
  { name, title }: { readonly name: string; readonly title: string },
  measured: readonly Measured[],
  verdicts: readonly Verdict[] = [],
  notes: readonly string[] = [],
): Result => ({
  name,
  title,
  table: costsTable(measured),
  verdicts,
  notes: [...notes, ...loadNotes(measured)],
  bars: measured.map(each => ({ name: each.name, value: median(serverCpu(each)) })),
  measured,
})
