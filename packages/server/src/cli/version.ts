import { createRequire } from 'node:module'

/** The package's; its file is beside `src` and `dist` alike. */
export const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }
