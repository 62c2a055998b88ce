import { defineConfig } from 'vitest/config'

// Tests run on the sources: the `source` export condition names them in every package.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'e2e/src/**/*.test.ts', 'bench/src/**/*.test.ts'],
    globalSetup: ['packages/server/src/storage/testing-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // How long until something must have happened; it is over when it has. A second is too little on a busy machine.
    expect: { poll: { timeout: 10_000 } },
  },
})
