import { createHash, randomBytes } from 'node:crypto'

/** 256 bits that nobody guesses; only a digest of them is kept. */
export const newToken = (): string => randomBytes(32).toString('base64url')

export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Goes with every act of a page: another site's page cannot know it, and it tells nothing of the session's token. */
export const csrfTokenOf = (token: string): string =>
  createHash('sha256').update('csrf ').update(token).digest('base64url')
