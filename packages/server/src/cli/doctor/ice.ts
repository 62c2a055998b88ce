import type { TurnConfig } from '../../config.js'
import { limits } from '../../limits.js'
import { explain } from '../text.js'
import { type Finding, failure, ok, warning } from './check.js'
import { probe } from './stun-probe.js'

/** Whether every STUN and TURN server answers, and whether the shared secret is one. */
export async function iceServers({ turnUrls, stunUrls, secret }: TurnConfig): Promise<Finding[]> {
  if (turnUrls.length === 0 && stunUrls.length === 0)
    return [
      warning(
        'no TURN server: calls fail between networks that do not let each other through',
        'run coturn, and set TURN_URLS and TURN_SECRET',
      ),
    ]
  const answers = await Promise.all([...turnUrls, ...stunUrls].map(reach))
  return [...answers, ...judge(secret, turnUrls.length > 0)]
}

async function reach(url: string): Promise<Finding> {
  try {
    return ok(`${url} answers in ${await probe(url, limits.stunAnswerMs)} ms`)
  } catch (error) {
    return failure(`${url}: ${explain(error)}`, 'is it running, and does the firewall let this port through?')
  }
}

function judge(secret: string | undefined, used: boolean): Finding[] {
  if (secret === undefined) return []
  if (!used) return [warning('TURN_SECRET is set, TURN_URLS is not', 'set TURN_URLS, or unset the secret')]
  if (secret.length >= 32) return []
  return [
    warning(
      `TURN_SECRET has ${secret.length} characters: too few`,
      'make one with "openssl rand -hex 32", for coturn and for us',
    ),
  ]
}
