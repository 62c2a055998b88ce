/** Something that is counted. To count is one addition and no more, for it stands where every frame comes by. */
export class Count {
  value = 0

  add(by = 1): void {
    this.value += by
  }
}

/** How sizes or durations are spread. A duration is given in seconds. */
export class Spread {
  readonly bounds: Float64Array
  /** One for each bound, and one for what is above all. */
  readonly counts: Float64Array
  sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = Float64Array.from(bounds)
    this.counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    const { bounds, counts } = this
    let at = 0
    while (at < bounds.length && value > (bounds[at] as number)) at++
    counts[at] = (counts[at] as number) + 1
    this.sum += value
  }
}

export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels: Labels
  readonly value: number | Spread
}

/** A metric as it is shown. The name says the unit; that of a counter ends with `_total`. */
export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  samples(): readonly Sample[]
}

/**
 * Where a part declares what it measures, once and at its start; it keeps what it is given and counts with that. Values
 * of labels are closed lists of the code's: nothing that a client sent ever is one.
 */
export interface Meter {
  count(name: string, help: string): Count
  /** One count for each value of a label. */
  countBy<Value extends string>(
    name: string,
    help: string,
    label: string,
    values: readonly Value[],
  ): Readonly<Record<Value, Count>>
  /** A count that something else keeps, asked for when it is shown. */
  counted(name: string, help: string, read: () => number): void
  /** What is there right now, asked for when it is shown. */
  gauge(name: string, help: string, read: () => number): void
  gaugeBy(name: string, help: string, label: string, read: () => Labeled): void
  spread(name: string, help: string, bounds: readonly number[]): Spread
  /** A spread for each set of labels that is asked for; whoever asks keeps it. */
  spreads(name: string, help: string, bounds: readonly number[]): (labels: Labels) => Spread
}

export type Labeled = Readonly<Record<string, number>>

/** A meter and what has been declared with it. Nobody need ever read it: then it costs the counting. */
export function createMeter(): Meter & { readonly families: () => readonly Family[] } {
  const families = new Map<string, Family>()

  function declare(name: string, help: string, type: Family['type'], samples: Family['samples']) {
    if (families.has(name)) throw new Error(`${name} is declared twice`)
    families.set(name, { name, type, help, samples })
  }

  function countBy<Value extends string>(
    name: string,
    help: string,
    label: string,
    values: readonly Value[],
  ) {
    const counts = Object.fromEntries(values.map(value => [value, new Count()])) as Record<Value, Count>
    declare(name, help, 'counter', () =>
      values.map(value => ({ labels: { [label]: value }, value: counts[value].value })),
    )
    return counts
  }

  function spreads(name: string, help: string, bounds: readonly number[]) {
    const samples: Sample[] = []
    declare(name, help, 'histogram', () => samples)
    return (labels: Labels) => {
      const value = new Spread(bounds)
      samples.push({ labels, value })
      return value
    }
  }

  return {
    count(name, help) {
      const count = new Count()
      declare(name, help, 'counter', () => [{ labels: {}, value: count.value }])
      return count
    },
    countBy,
    counted: (name, help, read) => declare(name, help, 'counter', () => [{ labels: {}, value: read() }]),
    gauge: (name, help, read) => declare(name, help, 'gauge', () => [{ labels: {}, value: read() }]),
    gaugeBy: (name, help, label, read) =>
      declare(name, help, 'gauge', () =>
        Object.entries(read()).map(([value, count]) => ({ labels: { [label]: value }, value: count })),
      ),
    spread: (name, help, bounds) => spreads(name, help, bounds)({}),
    spreads,
    families: () => [...families.values()],
  }
}

/** Upper bounds in seconds. What happens within the process: from a twentieth of a millisecond. */
export const quickBounds = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5]
/** What asks a database, another node or a hash: from a millisecond to where patience ends. */
export const serviceBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** What people wait for. */
export const humanBounds = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 20, 30, 45, 60]
