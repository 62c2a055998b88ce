import { randomBytes } from 'node:crypto'
import type { Config } from '../config.js'
import type { Directory } from '../directory/directory.js'
import type { Logger } from '../log.js'
import { Refusal } from '../refusal.js'
import { emailKey } from '../sessions/email-key.js'
import type { Credentials } from '../sessions/stores.js'
import type { Database } from '../storage/database.js'

interface ScenarioParts {
  readonly config: Config
  readonly directory: Directory
  readonly credentials: Pick<Credentials, 'byEmail'>
  readonly database: Database
  readonly log: Logger
  /** What the API listens on. */
  readonly api: string
}

/** A wildcard is no address to connect to. */
const reachable = (address: string) =>
  address.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')

/** Numbers that behave, behind accounts whose passwords nobody knows: made anew at every start. */
export async function serveScenarios(parts: ScenarioParts): Promise<() => void> {
  const { config, log, api } = parts
  const { numbers, startScenarios } = await import('@switchboard/scenarios')
  const tell = (what: string) => log.warn(`scenario numbers: ${what}`)
  const names = Object.keys(numbers) as (keyof typeof numbers)[]
  const made = await Promise.all(
    names.map(async name => [name, await makeAccount(parts, name, numbers[name])] as const),
  )
  const accounts = new Map(made.flatMap(([name, who]) => (who ? [[name, who] as const] : [])))
  for (const [name, who] of made) if (!who) tell(`the number of ${name} belongs to somebody; it is left out`)
  const close = await startScenarios({
    ...{ accounts, tell, url: reachable(api) },
    resumeWindowMs: config.resumeWindowMs,
    hasTurn: config.turn.turnUrls.length > 0,
  })
  log.warn('SCENARIO_NUMBERS=on: numbers of the scenarios answer calls; this is for development')
  return close
}

async function makeAccount(
  { directory, credentials, database }: ScenarioParts,
  name: string,
  number: string,
) {
  // RFC 6761: no mail ever reaches this domain, so nobody resets the password either.
  const email = `${name.toLowerCase()}@scenarios.invalid`
  const password = randomBytes(24).toString('base64url')
  const register = () =>
    directory.register({ firstname: 'Scenario', lastname: name, phone_number: number, email, password })
  try {
    await register()
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'already_registered') throw error
    // Of the start before: the pair of number and address is ours alone.
    const before = await credentials.byEmail(database, emailKey(email))
    if (!before || (await directory.user(before.userId)).phoneNumber !== number) return undefined
    await directory.remove(before.userId)
    await register()
  }
  return { email, password }
}
