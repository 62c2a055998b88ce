/** Something that must not have happened, with the input that made it. */
export interface Finding {
  /** The seed of its batch. */
  readonly seed: number
  readonly fault: string
  readonly input: unknown
}

export interface Findings {
  readonly all: readonly Finding[]
  /** How often each answer came, by status, or by code on a socket. */
  readonly tallies: ReadonlyMap<string, number>
  /** Inputs sent so far. */
  readonly inputs: number
  add(finding: Finding): void
  /** So many more inputs were sent. */
  sent(count: number): void
  /** An answer came. */
  outcome(what: string): void
}

export function openFindings(): Findings {
  const all: Finding[] = []
  const tallies = new Map<string, number>()
  let inputs = 0
  return {
    all,
    tallies,
    get inputs() {
      return inputs
    },
    add: finding => void all.push(finding),
    sent(count) {
      inputs += count
    },
    outcome: what => void tallies.set(what, (tallies.get(what) ?? 0) + 1),
  }
}

/** A part of a campaign: how many inputs, from which seed. */
export interface Share {
  readonly count: number
  readonly seed: number
}

interface Worker {
  batch(seed: number, size: number): Promise<void>
  close(): void
}

/** Lets `lanes` workers take batches until all inputs are sent; batch n has the seed `seed + n`. */
export async function shareOut(
  lanes: number,
  { count, seed }: Share,
  batchSize: number,
  open: () => Promise<Worker>,
): Promise<void> {
  let taken = 0
  const work = async () => {
    const worker = await open()
    try {
      while (taken * batchSize < count) {
        const n = taken++
        await worker.batch(seed + n, Math.min(batchSize, count - n * batchSize))
      }
    } finally {
      worker.close()
    }
  }
  await Promise.all(Array.from({ length: lanes }, work))
}
