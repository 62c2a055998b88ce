const part = process.env.MUTATION_PART ?? 'exchange'
const source = `packages/server/src/${part}`

/** Mutation testing of one part of the server; `run.mjs` goes through all of them. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: '.stryker/vitest.config.ts', related: false },
  mutate: [`${source}/**/*.ts`, `!${source}/**/*.test.ts`, `!${source}/**/*testing*.ts`],
  ignorePatterns: ['data', 'keys', 'reports', '**/dist', 'docs', 'e2e/src'],
  // Stryker would rewrite paths in it by the API of TypeScript 5; nothing here needs that.
  tsconfigFile: 'none.json',
  coverageAnalysis: 'perTest',
  concurrency: 1,
  timeoutMS: part === 'exchange' ? 8_000 : 30_000,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  clearTextReporter: { reportTests: false, allowColor: false },
  jsonReporter: { fileName: `reports/mutation/${part}.json` },
  // What a run has found it need not find again: one that was stopped goes on.
  incremental: true,
  incrementalFile: `reports/mutation/${part}-incremental.json`,
  tempDirName: '.stryker/sandbox',
  thresholds: { high: 90, low: 85, break: 85 },
}
