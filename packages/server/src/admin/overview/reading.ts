import type { Family, Labels } from '../../meter.js'
import { Spread } from '../../meter.js'

/** Figures of the meter, by the names that `/metrics` shows them under. */
export interface Reading {
  /** All samples of a family whose labels are these, added up; 0 without one. */
  sum(name: string, labels?: Labels): number
  /** Bounds and counts so far, all samples added up. */
  spread(name: string): { readonly bounds: readonly number[]; readonly counts: readonly number[] }
}

export function readMeter(families: readonly Family[]): Reading {
  const byName = new Map(families.map(family => [family.name, family]))
  return {
    sum(name, labels = {}) {
      let sum = 0
      for (const sample of byName.get(name)?.samples() ?? []) {
        const isMeant = Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
        if (isMeant && typeof sample.value === 'number') sum += sample.value
      }
      return sum
    },
    spread(name) {
      const spreads = (byName.get(name)?.samples() ?? []).flatMap(({ value }) =>
        value instanceof Spread ? [value] : [],
      )
      const counts = (spreads[0]?.counts ?? new Float64Array()).map((_, i) =>
        spreads.reduce((sum, spread) => sum + (spread.counts[i] ?? 0), 0),
      )
      return { bounds: [...(spreads[0]?.bounds ?? [])], counts: [...counts] }
    },
  }
}
