import { createHmac } from 'node:crypto'
import type { IceServer } from '@switchboard/protocol'
import type { TurnConfig } from '../config.js'

/**
 * STUN servers, and TURN servers with coturn's time-limited credentials (draft-uberti-behave-turn-rest: the user name is
 * the expiry and an id, the credential its HMAC-SHA1 under the shared secret). Empty when none are configured.
 * coturn logs the user name: `id` says nothing to who reads it. While the secret is being changed the TURN servers stand
 * there twice, with credentials by the new secret and by the old one: a client gets through whichever they know.
 */
export function iceServers(turn: TurnConfig, nowMs: number, id: string): IceServer[] {
  const servers: IceServer[] = []
  if (turn.stunUrls.length > 0) servers.push({ urls: [...turn.stunUrls] })
  if (turn.turnUrls.length === 0) return servers
  const username = `${Math.floor(nowMs / 1_000) + turn.ttlSeconds}:${id}`
  for (const secret of [turn.secret, turn.previousSecret]) {
    if (secret === undefined) continue
    const credential = createHmac('sha1', secret).update(username).digest('base64')
    servers.push({ urls: [...turn.turnUrls], username, credential })
  }
  return servers
}

/**
 * Whose credentials they are: the same for one user on every node, so that coturn's quotas hold, and traced to nobody
 * without the secret. Bound to a call, the call's own id stands before it, as it does in the history: coturn's log then
 * says how many bytes were relayed for which call.
 */
export function turnId(turn: Pick<TurnConfig, 'secret'>, userId: string, callId?: string): string {
  const party = createHmac('sha256', `switchboard turn id ${turn.secret ?? ''}`)
    .update(userId)
    .digest('base64url')
    .slice(0, 16)
  return callId === undefined ? party : `${callId}.${party}`
}
