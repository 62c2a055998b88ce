import { type Reading, readDotEnv, readSettings } from '../../config/read-settings.js'
import { settings } from '../../config/settings.js'
import { type Config, ConfigError, loadConfig } from '../../config.js'
import type { World } from '../world.js'
import { type Finding, failure, ok, warning } from './check.js'

export interface Inspected {
  /** Undefined when there is a fault: nothing else can be looked at then. */
  readonly config: Config | undefined
  readonly readings: readonly Reading[]
  readonly findings: readonly Finding[]
}

/** Every fault of the configuration, not only the first one that would stop the start. */
export function inspectConfiguration({ env, readFile }: World): Inspected {
  let readings: readonly Reading[] = []
  try {
    readings = readSettings(env, readFile)
    const faults = readings.flatMap(({ fault }) => (fault ? [faultOf(fault)] : []))
    if (faults.length > 0) return { config: undefined, readings, findings: faults }
    const config = loadConfig(env, readFile)
    const set = readings.filter(({ source }) => source !== 'default').length
    const findings = [
      ok(set === 0 ? 'all settings at their defaults' : `${set} of ${readings.length} settings set`),
      ...misspelt(Object.keys(readDotEnv(readFile))),
      ...(config.rateLimits ? [] : [noLimits]),
    ]
    return { config, readings, findings }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { config: undefined, readings, findings: [faultOf(error)] }
  }
}

const faultOf = ({ variable, message }: ConfigError) => failure(message, `set ${variable} right, or unset it`)

const noLimits = warning('RATE_LIMITS is off', 'turn it on: passwords and codes can be guessed at will')

/** Names in `.env` that are nearly ours. Others are somebody else's business. */
function misspelt(names: readonly string[]): Finding[] {
  const known = new Set(
    Object.entries(settings).flatMap(([n, { secret }]) => (secret ? [n, `${n}_FILE`] : [n])),
  )
  return names.flatMap(name => {
    const near = known.has(name) ? undefined : [...known].find(other => distance(name, other) <= 2)
    return near === undefined
      ? []
      : [warning(`.env sets ${name}, which nobody reads`, `did you mean ${near}?`)]
  })
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const [left = 0, above = 0, corner = 0] = [next[j], row[j + 1], row[j]]
      next.push(Math.min(left + 1, above + 1, corner + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row[b.length] ?? 0
}
