import { describe, expect, it } from 'vitest'
import { scenarios } from './list.js'

/** Runs the quick form of scenarios as tests. What they look at is in /proc: on Linux only. */
export function inSmall(...ids: readonly string[]): void {
  const chosen = scenarios.filter(({ id }) => ids.includes(id))
  describe.runIf(process.platform === 'linux')('faults, in small', () => {
    it.each(chosen)('$id: $title', { timeout: 120_000 }, async scenario => {
      expect(await scenario.run('quick')).toEqual(expect.any(String))
    })
  })
}
