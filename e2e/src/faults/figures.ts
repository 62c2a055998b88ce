/** Milliseconds, collected. */
export class Times {
  readonly #all: number[] = []

  add(ms: number): void {
    this.#all.push(ms)
  }

  get count(): number {
    return this.#all.length
  }

  get worst(): number {
    return this.#all.reduce((a, b) => Math.max(a, b), 0)
  }

  /** The time that this share of them stayed within. */
  within(share: number): number {
    const sorted = [...this.#all].sort((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  }
}

export const seconds = (ms: number, digits = 2) => `${(ms / 1000).toFixed(digits)} s`
export const millis = (ms: number) => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
export const count = (value: number) => value.toLocaleString('en')

/** Reproducible chance (mulberry32). */
export function chance(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    seed,
    next,
    below: (bound: number) => Math.floor(next() * bound),
    pick: <T>(from: readonly [T, ...T[]]): T => from[Math.floor(next() * from.length)] ?? from[0],
  }
}

/** The seed of a run: `FAULT_SEED` repeats one. */
export const freshSeed = () => Number(process.env.FAULT_SEED ?? Math.floor(Math.random() * 2 ** 31))
