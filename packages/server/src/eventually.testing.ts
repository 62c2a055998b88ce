import { vi } from 'vitest'

/** Waits until a check holds, for as long as a busy machine may take; a check that never holds fails with its own words. */
export const eventually = <T>(
  check: () => T | Promise<T>,
  options: { readonly timeout?: number; readonly interval?: number } = {},
): Promise<T> => vi.waitFor(check, { timeout: 15_000, ...options })
