import type { FastifyRequest } from 'fastify'
import { emailKey } from '../sessions/email-key.js'
import { accessOf } from './authorization.js'
import { addressOf } from './client.js'
import type { RestDeps } from './deps.js'

/**
 * Runs what asks a logged-in user for the password again. Who holds a stolen token has as many guesses as who tries to
 * log in, and they count together.
 */
export const proofOf =
  ({ directory, throttles }: Pick<RestDeps, 'directory' | 'throttles'>) =>
  async <T>(request: FastifyRequest, prove: () => Promise<T>): Promise<T> => {
    const { email } = await directory.user(accessOf(request).userId)
    return throttles.login(emailKey(email), addressOf(request), prove)
  }
