import { randomInt } from 'node:crypto'
import type { TestContext } from 'vitest'
import { expect } from 'vitest'

/**
 * The probability that a time of the one kind is longer than one of the other, ties counted half: 0.5 when time tells
 * nothing, 0 or 1 when it tells everything (Mann and Whitney's U; the area under the ROC curve).
 */
export function areaUnderCurve(one: readonly number[], other: readonly number[]): number {
  const all = [...one.map(ms => ({ ms, isOne: true })), ...other.map(ms => ({ ms, isOne: false }))].sort(
    (a, b) => a.ms - b.ms,
  )
  let rankSum = 0
  for (let from = 0; from < all.length; ) {
    let to = from
    while (to < all.length && all[to]?.ms === all[from]?.ms) to++
    const rank = (from + 1 + to) / 2
    for (; from < to; from++) if (all[from]?.isOne) rankSum += rank
  }
  return (rankSum - (one.length * (one.length + 1)) / 2) / (one.length * other.length)
}

/** Chance alone moves the area by this much. */
const standardError = (n: number) => Math.sqrt((2 * n + 1) / (12 * n * n))

/** `TRUST_SAMPLES=2000` for the long form. */
const wished = Number(process.env.TRUST_SAMPLES ?? 0)
const plan =
  wished > 0 ? { least: wished, most: wished, within: 0.05 } : { least: 150, most: 900, within: 0.1 }

/** What to measure: resolves with the milliseconds it took. */
export type Probe = () => Promise<number>

/** Milliseconds until an answer is there. */
export async function timed(ask: () => Promise<unknown>): Promise<number> {
  const since = performance.now()
  await ask()
  return performance.now() - since
}

/**
 * Nobody tells the kinds apart by time: samples are taken in turn, in an order by chance, until the figures
 * are far enough from the bound, or their number is up. The figures are annotations of the test.
 * Answers that mostly wait may be asked for in several lanes side by side.
 */
export async function expectOneTime(
  probes: Readonly<Record<string, Probe>>,
  { annotate }: TestContext,
  { lanes = 1 } = {},
) {
  const kinds = Object.entries(probes).map(([name, probe]) => ({ name, probe, times: [] as number[] }))
  for (const { probe } of kinds) for (let n = 0; n < 5; n++) await probe() // caches and compilers warm up
  let areas: { pair: string; area: number }[] = []
  const round = async () => {
    for (const { probe, times } of shuffled(kinds)) times.push(await probe())
  }
  for (let n = 0; n < plan.most; ) {
    const until = n < plan.least ? plan.least : n + 75
    for (; n < until; n += lanes) await Promise.all(Array.from({ length: lanes }, round))
    areas = kinds.flatMap((one, at) =>
      kinds.slice(at + 1).map(other => ({
        pair: `${one.name} / ${other.name}`,
        area: areaUnderCurve(one.times, other.times),
      })),
    )
    if (areas.every(({ area }) => Math.abs(area - 0.5) + 2 * standardError(n) < plan.within)) break
  }
  const medians = kinds.map(({ name, times }) => `${name} ${median(times).toFixed(2)} ms`)
  const figures = areas.map(({ pair, area }) => `${pair} ${area.toFixed(3)}`)
  await annotate(`AUC, ${kinds[0]?.times.length} each: ${figures.join(', ')}; medians: ${medians.join(', ')}`)
  for (const { pair, area } of areas) expect(Math.abs(area - 0.5), `AUC of ${pair}`).toBeLessThan(plan.within)
}

function shuffled<T>(items: readonly T[]): T[] {
  const left = [...items]
  return items.flatMap(() => left.splice(randomInt(left.length), 1))
}

const median = (times: readonly number[]) => [...times].sort((a, b) => a - b)[times.length >> 1] ?? 0
