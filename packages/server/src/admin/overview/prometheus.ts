import type { LongerRange, OverviewPoint } from '@switchboard/protocol/admin'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { Clock } from '../../clock.js'
import { limits } from '../../limits.js'
import type { Logger } from '../../log.js'
import { Refusal } from '../../refusal.js'
import { unanswered } from './hour.js'

/** Past and step in seconds: as many points as a chart is wide, or fewer. */
export const longerRanges: Readonly<Record<LongerRange, { readonly past: number; readonly step: number }>> = {
  '6h': { past: 6 * 3_600, step: 120 },
  '24h': { past: 24 * 3_600, step: 480 },
  '7d': { past: 7 * 86_400, step: 3_600 },
}

type Figure = Exclude<keyof OverviewPoint, 'at'>

/** What the hour in memory shows (`hour.ts`), as Prometheus reckons it: all nodes added up, the lag of the worst. */
function expressions(step: number): Readonly<Record<Figure, string>> {
  const sum = (name: string, of = '') => `sum(avg_over_time(${name}${of}[${step}s]))`
  const rate = (name: string, of = '') => `(sum(rate(${name}${of}[${step}s])) or vector(0))`
  const setUp = `sum by (le) (rate(switchboard_call_ringing_seconds_bucket[${step}s]))`
  const lag = `sum by (le, instance) (rate(nodejs_eventloop_delay_seconds_bucket[${step}s]))`
  const answered = rate('switchboard_calls_answered_total')
  const missed = rate('switchboard_calls_ended_total', `{cause=~"${unanswered.join('|')}"}`)
  const errors = [
    rate('switchboard_signaling_errors_total'),
    rate('switchboard_http_refusals_total', '{code=~"internal|service_unavailable"}'),
    rate('switchboard_calls_ended_total', '{cause="connection_lost"}'),
  ]
  return {
    connections: sum('switchboard_sockets'),
    ringing: sum('switchboard_calls', '{state=~"ringing|locating"}'),
    established: sum('switchboard_calls', '{state="established"}'),
    callsPerMinute: `60 * ${rate('switchboard_calls_placed_total')}`,
    answerRate: `${answered} / (${answered} + ${missed})`,
    setUpP50: `histogram_quantile(0.5, ${setUp})`,
    setUpP95: `histogram_quantile(0.95, ${setUp})`,
    errorsPerMinute: `60 * (${errors.join(' + ')})`,
    // Other programs of Node.js have such a figure too.
    eventLoopLagMs: `1000 * max(histogram_quantile(0.99, ${lag}) and on (instance) avg_over_time(switchboard_sockets[${step}s]))`,
  }
}

/** Everything in one question: each series says by a label which figure it is. */
const rangeQuery = (step: number): string =>
  Object.entries(expressions(step))
    .map(([figure, expression]) => `label_replace(${expression}, "figure", "${figure}", "", "")`)
    .join(' or ')

const answer = Compile(
  Type.Object({
    status: Type.Literal('success'),
    data: Type.Object({
      resultType: Type.Literal('matrix'),
      result: Type.Array(
        Type.Object({
          metric: Type.Object({ figure: Type.String() }),
          values: Type.Array(Type.Tuple([Type.Number(), Type.String()])),
        }),
      ),
    }),
  }),
)

export interface PrometheusDeps {
  /** Where it is, without a slash at its end. */
  readonly base: string
  readonly clock: Clock
  readonly log: Logger
}

export type AskPrometheus = (range: LongerRange) => Promise<readonly OverviewPoint[]>

/** Longer than the hour that nodes remember. Whoever asks for the same while it is asked, or soon after, shares it. */
export function createPrometheus({ base, clock, log }: PrometheusDeps): AskPrometheus {
  const known = new Map<LongerRange, { readonly at: number; readonly points: Promise<OverviewPoint[]> }>()

  async function ask(range: LongerRange): Promise<OverviewPoint[]> {
    const { past, step } = longerRanges[range]
    // Not on whole steps: of one that is not over a rate would be too low.
    const end = Math.ceil(clock.wall() / 1_000)
    const body = new URLSearchParams({
      query: rangeQuery(step),
      ...{ start: `${end - past}`, end: `${end}`, step: `${step}` },
    })
    try {
      const signal = AbortSignal.timeout(limits.prometheusMs)
      const response = await fetch(`${base}/api/v1/query_range`, { method: 'POST', body, signal })
      const text = await readText(response)
      if (!response.ok) throw new Error(`it answered ${response.status}`)
      return pointsOf(JSON.parse(text), { end, past, step })
    } catch (error) {
      const { message, cause } = error as Error
      log.warn(
        { reason: message, cause: cause instanceof Error ? cause.message : undefined },
        'Prometheus cannot be asked',
      )
      throw new Refusal('service_unavailable', 'Prometheus does not answer')
    }
  }

  return range => {
    const before = known.get(range)
    const now = clock.monotonic()
    if (before && now - before.at < limits.prometheusAgainMs) return before.points
    const points = ask(range)
    known.set(range, { at: now, points })
    return points
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length > limits.prometheusChars) throw new Error('it answered too much')
  }
  return text
}

/** A point for each step, with what Prometheus has of it. */
function pointsOf(answered: unknown, { end, past, step }: { end: number; past: number; step: number }) {
  if (!answer.Check(answered)) throw new Error('it answered something else')
  const figures = new Map(
    answered.data.result.map(({ metric, values }) => [metric.figure, new Map(values)] as const),
  )
  const seconds = Array.from({ length: past / step + 1 }, (_, n) => end - past + n * step)
  const isKnown = (second: number) => figures.get('connections')?.has(second) === true
  const first = seconds.findIndex(isKnown)
  if (first === -1) return []
  return seconds.slice(first).map((second): OverviewPoint => {
    const value = (figure: Figure) => {
      const number = Number(figures.get(figure)?.get(second) ?? Number.NaN)
      return Number.isFinite(number) ? number : null
    }
    return {
      at: new Date(second * 1_000).toISOString(),
      connections: value('connections') ?? 0,
      ringing: value('ringing') ?? 0,
      established: value('established') ?? 0,
      callsPerMinute: value('callsPerMinute') ?? 0,
      answerRate: value('answerRate'),
      setUpP50: value('setUpP50'),
      setUpP95: value('setUpP95'),
      errorsPerMinute: value('errorsPerMinute') ?? 0,
      eventLoopLagMs: value('eventLoopLagMs') ?? 0,
    }
  })
}
