import { Refusal } from '../refusal.js'

/** The proof was judged, and is wrong. Whatever else fails tells nothing to who guesses. */
export const isWrong = (failure: unknown): boolean =>
  failure instanceof Refusal && failure.code === 'invalid_credentials'

export interface Settlement {
  readonly giveBack: () => Promise<void>
  /** Whether it stays counted; told how the work failed, undefined when it did not. */
  readonly counts: (failure: unknown) => boolean
}

/** Runs work that was counted before it began, and uncounts what turns out not to count. */
export async function settle<T>(work: () => Promise<T>, { giveBack, counts }: Settlement): Promise<T> {
  // When it cannot be given back it stays counted; the outcome of the work says more than that.
  const giveBackUnless = (isCounted: boolean) => (isCounted ? undefined : giveBack().catch(() => undefined))
  let result: T
  try {
    result = await work()
  } catch (failure) {
    await giveBackUnless(counts(failure))
    throw failure
  }
  await giveBackUnless(counts(undefined))
  return result
}
