import { type Family, type Labels, type Sample, Spread } from '../meter.js'

/** The two text formats that scrapers ask for. */
export type Format = 'prometheus' | 'openmetrics'

export const contentTypes = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const satisfies Record<Format, string>

/** Everything declared, as text: Prometheus' format 0.0.4, or OpenMetrics 1.0. */
export function expose(families: readonly Family[], format: Format): string {
  const lines = [...families]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(family => linesOf(family, format))
  if (format === 'openmetrics') lines.push('# EOF')
  return `${lines.join('\n')}\n`
}

function linesOf(family: Family, format: Format): string[] {
  const { type, help } = family
  // OpenMetrics calls a counter by its name without `_total`, which the sample has.
  const isBare = format === 'openmetrics' && type === 'counter'
  const name = isBare ? family.name.replace(/_total$/, '') : family.name
  const unit = format === 'openmetrics' ? unitOf(name) : undefined
  return [
    `# HELP ${name} ${escapeHelp(help, format)}`,
    `# TYPE ${name} ${type}`,
    ...(unit ? [`# UNIT ${name} ${unit}`] : []),
    ...family.samples().flatMap(sample => samplesOf(family.name, sample, format)),
  ]
}

const unitOf = (name: string) => /_(seconds|bytes)$/.exec(name)?.[1]

function samplesOf(name: string, { labels, value }: Sample, format: Format): string[] {
  if (!(value instanceof Spread)) return [`${name}${written(labels)} ${number(value)}`]
  const lines: string[] = []
  let sum = 0
  for (const [at, count] of value.counts.entries()) {
    sum += count
    const bound = value.bounds[at]
    lines.push(`${name}_bucket${written({ ...labels, le: boundText(bound, format) })} ${sum}`)
  }
  lines.push(`${name}_sum${written(labels)} ${number(value.sum)}`)
  lines.push(`${name}_count${written(labels)} ${sum}`)
  return lines
}

/** In OpenMetrics a bound is written as a float: `1.0`. */
function boundText(bound: number | undefined, format: Format): string {
  if (bound === undefined) return '+Inf'
  return format === 'openmetrics' && Number.isInteger(bound) ? `${bound}.0` : `${bound}`
}

function written(labels: Labels): string {
  const pairs = Object.entries(labels)
  if (pairs.length === 0) return ''
  return `{${pairs.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(',')}}`
}

const number = (value: number) =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'

const escapeLabel = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const escapeHelp = (text: string, format: Format) =>
  format === 'openmetrics' ? escapeLabel(text) : text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
