import { ConfigError } from './config-error.js'
import { type SettingName, settings, type Values } from './settings.js'

/** Throws when variables that are each fine do not go together. */
export function checkTogether(values: Values): void {
  if (values.DATABASE_URL === undefined) {
    const apart = values.ROLE !== 'all'
    const why = 'the embedded PostgreSQL serves one process alone'
    if (apart) throw missing('DATABASE_URL', `ROLE=${values.ROLE}`, why)
    if (values.NATS_URL !== undefined) throw missing('DATABASE_URL', 'NATS_URL', why)
  }
  if (values.TURN_URLS?.length && values.TURN_SECRET === undefined)
    throw missing('TURN_SECRET', 'TURN_URLS', 'credentials are made with it')
  if (values.TURN_SECRET_PREVIOUS !== undefined && values.TURN_SECRET === undefined)
    throw missing('TURN_SECRET', 'TURN_SECRET_PREVIOUS', 'it is the one that takes its place')
  if (values.TLS_CERT_FILE !== undefined && values.TLS_KEY_FILE === undefined)
    throw missing('TLS_KEY_FILE', 'TLS_CERT_FILE', 'they go together')
  if (values.TLS_KEY_FILE !== undefined && values.TLS_CERT_FILE === undefined)
    throw missing('TLS_CERT_FILE', 'TLS_KEY_FILE', 'they go together')
  checkGmail(values)
  checkScenarios(values)
  checkPorts(values)
}

const gmailNames = ['GMAIL_USER', 'GMAIL_CLIENT_ID', 'GMAIL_CLIENT_SECRET', 'GMAIL_REFRESH_TOKEN'] as const

function checkGmail(values: Values): void {
  const given = gmailNames.find(name => values[name] !== undefined)
  if (given === undefined) return
  const absent = gmailNames.find(name => values[name] === undefined)
  if (absent !== undefined) throw missing(absent, given, `${gmailNames.join(', ')} go together`)
  if (values.SMTP_URL !== undefined)
    throw new ConfigError('SMTP_URL', 'is set beside GMAIL_USER; mail goes one way: unset one of the two')
}

/** Scenario numbers call their own process at home: without certificates, and as strangers to whoever calls them. */
function checkScenarios(values: Values): void {
  if (values.SCENARIO_NUMBERS === 'off') return
  const against =
    (values.ROLE !== 'all' && `ROLE=${values.ROLE}`) ||
    (values.NATS_URL !== undefined && 'NATS_URL') ||
    (values.TLS_CERT_FILE !== undefined && 'TLS_CERT_FILE') ||
    (values.NUMBERING_PLAN !== 'open' && 'NUMBERING_PLAN=e164') ||
    (values.SECURITY_PROFILE !== 'standard' && 'SECURITY_PROFILE=strict')
  if (against) throw new ConfigError('SCENARIO_NUMBERS', `is for development and does not go with ${against}`)
}

/** Port 0 clashes with nothing; the admin panel must not be on a public port (contract section 5). */
function checkPorts(values: Values): void {
  const { ROLE: role, API_PORT: api, SIGNAL_PORT: signal, ADMIN_PORT: admin } = values
  const taken: [number, SettingName][] = []
  if (role !== 'signal') taken.push([api, 'API_PORT'])
  if (role !== 'api') taken.push([signal, 'SIGNAL_PORT'])
  taken.push([admin, 'ADMIN_PORT'])
  for (const [index, [port, name]] of taken.entries()) {
    const other = taken.slice(0, index).find(([earlier]) => earlier === port && port !== 0)
    if (other) throw new ConfigError(name, `${port} is the port of ${other[1]} too; give each its own`)
  }
}

function missing(name: SettingName, because: string, why: string): ConfigError {
  const { example } = settings[name]
  return new ConfigError(name, `must be set when ${because} is: ${why}; for example ${example}`)
}
