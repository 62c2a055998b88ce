import { limits } from '../limits.js'

/** Microseconds since the epoch in a test's own time; null: the database's clock. */
export type TestClock = () => number | null

/** Now in microseconds, by the parameter or, where that is null, by the database. The same throughout a statement. */
export const clockOf = (parameter: string) =>
  `coalesce(${parameter}::bigint, (extract(epoch from now()) * 1000000)::bigint)`

export const inMicroseconds = (ms: number) => Math.round(ms * 1_000)
export const fromMicroseconds = (us: string | number) => Number(us) / 1_000

/** Repeats a delete of about a batch until one finds less. */
export async function prunedInBatches(deleteBatch: () => Promise<readonly unknown[]>): Promise<void> {
  while ((await deleteBatch()).length >= limits.throttlesPruneBatch);
}
