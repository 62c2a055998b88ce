import type { Config } from '../../config.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { explain } from '../text.js'
import type { World } from '../world.js'
import { type Check, type Finding, failure } from './check.js'
import { inspectConfiguration } from './configuration.js'
import { dataDirectory } from './data-directory.js'
import { databaseState } from './database.js'
import { iceServers } from './ice.js'
import { tokenKey } from './key.js'
import { nodeVersion, openFiles } from './machine.js'
import { mailServer } from './mail.js'
import { ports } from './ports.js'
import { printFindings, printSettings, printSummary, shownValue } from './report.js'
import { secrets } from './secrets/secrets.js'
import { webhookReceivers } from './webhooks.js'

export interface DoctorOptions {
  readonly json?: boolean
  readonly settings?: boolean
}

/** Looks at everything that a start needs, and at what it would quietly do without. */
export async function doctor(world: World, { json, settings }: DoctorOptions): Promise<ExitCode> {
  const { terminal } = world
  const { config, readings, findings: aboutSettings } = inspectConfiguration(world)
  const checks: Check[] = [
    { name: 'configuration', look: () => aboutSettings },
    ...(readings.length > 0 ? [{ name: 'secrets', look: () => secrets(world, readings) }] : []),
    ...ofMachine,
    ...(config ? ofConfig(config) : []),
  ]
  const results: { name: string; findings: readonly Finding[] }[] = []
  // All at once, shown in order.
  for (const result of checks.map(lookSafely)) {
    const { name, findings } = await result
    results.push({ name, findings })
    if (!json) printFindings(terminal, name, findings)
  }
  const all = results.flatMap(({ findings }) => findings)
  const failed = all.some(({ status }) => status === 'failure')
  if (json) {
    const found = results.flatMap(({ name, findings }) =>
      findings.map(finding => ({ check: name, ...finding })),
    )
    const listed = readings.map(reading => ({
      name: reading.name,
      value: shownValue(reading),
      source: reading.source,
    }))
    terminal.out(
      JSON.stringify({ ok: !failed, checks: found, ...(settings && { settings: listed }) }, null, 2),
    )
  } else {
    if (settings) printSettings(terminal, readings)
    printSummary(terminal, all)
  }
  return failed ? exitCodes.failure : exitCodes.ok
}

const ofMachine: readonly Check[] = [
  { name: 'node', look: () => nodeVersion(process.versions.node) },
  { name: 'machine', look: () => openFiles(openFileLimit()) },
]

const ofConfig = (config: Config): readonly Check[] => [
  ...(config.databaseUrl === undefined
    ? [{ name: 'data directory', look: () => dataDirectory(config.dataDir) }]
    : []),
  { name: 'database', look: () => databaseState(config) },
  { name: 'token key', look: () => tokenKey(config) },
  { name: 'mail', look: () => mailServer(config.mail) },
  { name: 'TURN', look: () => iceServers(config.turn) },
  ...(config.webhooks.urls.length > 0
    ? [{ name: 'webhooks', look: () => webhookReceivers(config.webhooks) }]
    : []),
  { name: 'ports', look: () => ports(config) },
]

async function lookSafely({ name, look }: Check): Promise<{ name: string; findings: readonly Finding[] }> {
  try {
    return { name, findings: await look() }
  } catch (error) {
    return { name, findings: [failure(explain(error), 'that was not expected: please report it')] }
  }
}

function openFileLimit(): number | string | undefined {
  const report = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | string } }
  }
  return report.userLimits?.open_files?.soft
}
