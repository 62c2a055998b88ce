import type { IceServer, TurnCredentialsView } from '@switchboard/protocol'
import type { Environment } from '../environment.js'
import type { Rest } from '../rest/rest.js'

/** Credentials are asked for anew when they live no longer than this: a call takes a while to gather. */
const leastLifeMs = 120_000
/** A call does not wait longer for better credentials than it has. */
const askWithinMs = 1_500

/** When the first of the credentials expires: coturn's user names begin with it. */
export function expiryOf(servers: readonly IceServer[]): number {
  const seconds = servers.flatMap(({ username }) => /^(\d+):/.exec(username ?? '')?.[1] ?? [])
  return Math.min(...seconds.map(Number)) * 1_000
}

/** ICE servers with credentials that are good: those of the greeting, or newer ones, bound to the call once it has an id. */
export function createIceServers(rest: Rest, environment: Environment) {
  let servers: readonly IceServer[] = []

  async function ask(callId: string | undefined): Promise<readonly IceServer[]> {
    const about = callId === undefined ? '' : `?call_id=${encodeURIComponent(callId)}`
    const { ice_servers } = await rest<TurnCredentialsView>('GET', `/get_turn_credentials${about}`)
    if (callId === undefined) servers = ice_servers
    return ice_servers
  }
  return {
    greeted(given: readonly IceServer[]) {
      servers = given
    },
    async for(callId: string | undefined): Promise<readonly IceServer[]> {
      const hasTurn = servers.some(({ username }) => username !== undefined)
      const isFresh = expiryOf(servers) - environment.now() > leastLifeMs
      if (!hasTurn || (isFresh && callId === undefined)) return servers
      const late = new Promise<undefined>(resolve => {
        environment.setTimer(() => resolve(undefined), askWithinMs)
      })
      // Whatever is refused or late: a call with old credentials may work, one without an answer does not.
      return (await Promise.race([ask(callId).catch(() => undefined), late])) ?? servers
    },
  }
}
