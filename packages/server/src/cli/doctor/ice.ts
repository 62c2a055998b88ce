import type { TurnConfig } from '../../config.js'
import { limits } from '../../limits.js'
import { iceServers as withCredentials } from '../../turn/credentials.js'
import { createTurnClient, type TurnAccount, TurnRefusal } from '../../turn/turn-client.js'
import { explain } from '../text.js'
import { type Finding, failure, ok, warning } from './check.js'
import { parseIceUrl, probe } from './stun-probe.js'

/** Whether every STUN and TURN server answers, and whether the shared secret is one. */
export async function iceServers(turn: TurnConfig): Promise<Finding[]> {
  const { turnUrls, stunUrls, secret } = turn
  if (turnUrls.length === 0 && stunUrls.length === 0)
    return [
      warning(
        'no TURN server: calls fail between networks that do not let each other through',
        'run coturn, and set TURN_URLS and TURN_SECRET',
      ),
    ]
  const [servers, answers] = await Promise.all([
    Promise.all(turnUrls.map(url => relay(url, turn))),
    Promise.all(stunUrls.map(reach)),
  ])
  return [...servers.flat(), ...answers, ...judge(secret, turnUrls.length > 0)]
}

async function reach(url: string): Promise<Finding> {
  try {
    return ok(`${url} answers in ${await probe(url, limits.stunAnswerMs)} ms`)
  } catch (error) {
    return failure(`${url}: ${explain(error)}`, 'is it running, and does the firewall let this port through?')
  }
}

/** Whether a TURN server answers and, over UDP, whether it gives a relay for the secret, and for the one before. */
async function relay(url: string, turn: TurnConfig): Promise<Finding[]> {
  const reached = await reach(url)
  if (reached.status !== 'ok' || parseIceUrl(url).transport !== 'udp') return [reached]
  const servers = withCredentials(
    { ...turn, turnUrls: [url], stunUrls: [] },
    Date.now(),
    'doctor',
  ) as TurnAccount[]
  const [now, before] = await Promise.all(servers.map(account => refusal(url, account)))
  if (now !== undefined)
    return [failure(`${url} gives no relay: ${now}`, 'does coturn have TURN_SECRET as static-auth-secret?')]
  if (turn.previousSecret === undefined) return [reached]
  return [
    before === undefined
      ? ok(`${url} gives relays for both secrets, and answers`)
      : warning(`${url} no longer knows TURN_SECRET_PREVIOUS`, 'when no TURN server does, unset it'),
  ]
}

/** Why the server gives no relay; undefined when it does. */
async function refusal(url: string, account: TurnAccount): Promise<string | undefined> {
  const { host, port } = parseIceUrl(url)
  const client = createTurnClient({ host, port, withinMs: limits.stunAnswerMs })
  try {
    const allocation = await client.allocate(account)
    await allocation.end()
    return undefined
  } catch (error) {
    if (!(error instanceof TurnRefusal)) return explain(error)
    return error.code === 401 ? 'it does not know the secret (401)' : `it refuses with ${error.code}`
  } finally {
    client.close()
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
