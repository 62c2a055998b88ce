import type { Format } from './exposition.js'

/**
 * The format that a scraper's `Accept` likes best (RFC 9110 section 12.5.1). OpenMetrics only goes to who names it:
 * everybody reads the older one.
 */
export function formatFor(accept: string | undefined): Format {
  const ranges = (accept ?? '').split(',').map(readRange)
  const openMetrics = weightOf(ranges, ['application/openmetrics-text'])
  const text = weightOf(ranges, ['text/plain', 'text/*', '*/*'])
  return openMetrics > 0 && openMetrics >= text ? 'openmetrics' : 'prometheus'
}

interface Range {
  readonly type: string
  readonly version: string | undefined
  readonly weight: number
}

function readRange(written: string): Range {
  const [type = '', ...parameters] = written.split(';').map(part => part.trim().toLowerCase())
  const parameter = (name: string) =>
    parameters.find(each => each.startsWith(`${name}=`))?.slice(name.length + 1)
  const weight = Number(parameter('q') ?? 1)
  return { type, version: parameter('version'), weight: weight >= 0 && weight <= 1 ? weight : 0 }
}

/** Of the most specific range that is there. Another version of OpenMetrics than ours is another format. */
function weightOf(ranges: readonly Range[], types: readonly string[]): number {
  for (const type of types) {
    const named = ranges.filter(
      range =>
        range.type === type &&
        (type !== 'application/openmetrics-text' || !range.version || range.version === '1.0.0'),
    )
    if (named.length > 0) return Math.max(...named.map(({ weight }) => weight))
  }
  return 0
}
