import { defineConfig } from 'vitest/config'

const part = process.env.MUTATION_PART ?? 'exchange'

/** The tests that judge mutants of a part: those beside it. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: [`packages/server/src/${part}/**/*.test.ts`],
    ...(part === 'exchange' ? {} : { globalSetup: ['packages/server/src/storage/testing-setup.ts'] }),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
