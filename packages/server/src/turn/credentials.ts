import { createHmac } from 'node:crypto'
import type { IceServer } from '@switchboard/protocol'
import type { TurnConfig } from '../config.js'

/**
 * STUN servers, and TURN servers with coturn's time-limited credentials (draft-uberti-behave-turn-rest: the user name is
 * the expiry and an id, the credential its HMAC-SHA1 under the shared secret). Empty when none are configured.
 * coturn logs the user name: `opaqueId` says nothing to who reads it.
 */
export function iceServers(turn: TurnConfig, nowMs: number, opaqueId: string): IceServer[] {
  const servers: IceServer[] = []
  if (turn.stunUrls.length > 0) servers.push({ urls: [...turn.stunUrls] })
  if (turn.turnUrls.length > 0 && turn.secret !== undefined) {
    const username = `${Math.floor(nowMs / 1_000) + turn.ttlSeconds}:${opaqueId}`
    const credential = createHmac('sha1', turn.secret).update(username).digest('base64')
    servers.push({ urls: [...turn.turnUrls], username, credential })
  }
  return servers
}

/** The same for one user on every node, so that coturn's quotas hold, and traced to nobody without the secret. */
export function opaqueTurnId(turn: Pick<TurnConfig, 'secret'>, userId: string): string {
  return createHmac('sha256', `switchboard turn id ${turn.secret ?? ''}`)
    .update(userId)
    .digest('base64url')
    .slice(0, 16)
}
