/** Of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}

export interface Summary {
  readonly median: number
  readonly least: number
  readonly most: number
}

export const summarise = (values: readonly number[]): Summary => ({
  median: median(values),
  least: Math.min(...values),
  most: Math.max(...values),
})

/** Round by round: what moved both figures of a round alike, such as a busy neighbour, falls out. */
export const pairedRatio = (ours: readonly number[], theirs: readonly number[]): Summary =>
  summarise(ours.map((value, n) => value / (theirs[n] ?? Number.NaN)))
