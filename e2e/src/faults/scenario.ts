import { fileURLToPath } from 'node:url'

/** Quick runs go with every test run; full ones are the proof. */
export type Size = 'quick' | 'full'

/** A real fault done to the real product. */
export interface Scenario {
  /** As in the fault matrix of docs/reliability.md. */
  readonly id: string
  readonly title: string
  /** Resolves with the figures of the pass line, rejects with what went wrong. */
  run(size: Size): Promise<string>
}

/** Quick runs share the machine with every other test: what they are given. Full runs are held to the promise. */
export const allowed = (size: Size, promisedMs: number) => (size === 'quick' ? 3 * promisedMs : promisedMs)

export class FaultFailed extends Error {
  override readonly name = 'FaultFailed'
}

/** What must hold for the scenario to pass. */
export function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new FaultFailed(otherwise)
}

/** Goes on in the background and is awaited later: what it fails with must not end the process before. */
export function meanwhile<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {})
  return work
}

/** Runs scenarios one after the other, each with its line; false when one failed. */
export async function runAll(scenarios: readonly Scenario[], size: Size): Promise<boolean> {
  let passed = true
  for (const scenario of scenarios) {
    const since = performance.now()
    const took = () => `${((performance.now() - since) / 1000).toFixed(1)} s`
    try {
      const figures = await scenario.run(size)
      process.stdout.write(`${scenario.id} pass: ${figures} (${took()})\n`)
    } catch (error) {
      passed = false
      const reason = error instanceof FaultFailed ? error.message : ((error as Error).stack ?? String(error))
      process.stdout.write(`${scenario.id} FAIL: ${reason} (${took()})\n`)
    }
  }
  return passed
}

export const sizeOf = (args: readonly string[]): Size => (args.includes('--quick') ? 'quick' : 'full')

/** Lets a scenario's file be run by itself. */
export async function alone(moduleUrl: string, scenario: Scenario): Promise<void> {
  if (process.argv[1] !== fileURLToPath(moduleUrl)) return
  process.exit((await runAll([scenario], sizeOf(process.argv))) ? 0 : 1)
}
