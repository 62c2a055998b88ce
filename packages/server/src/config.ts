import { checkTogether } from './config/check-together.js'
import type { Environment, ReadFile } from './config/environment.js'
import { inForce } from './config/in-force.js'
import { mailConfig } from './config/mail.js'
import { readSettings } from './config/read-settings.js'
import type { Values } from './config/settings.js'
import type { Config } from './config/types.js'

export { ConfigError } from './config/config-error.js'
export type { Config, MailConfig, TurnConfig } from './config/types.js'

/** The settings from the environment and `.env`, or a `ConfigError`: one line and no start. */
export function loadConfig(env: Environment, readFile: ReadFile): Config {
  const readings = readSettings(env, readFile)
  for (const { fault } of readings) if (fault) throw fault
  const values = Object.fromEntries(readings.map(({ name, value }) => [name, value])) as unknown as Values
  checkTogether(values)
  return {
    role: values.ROLE,
    host: values.HOST,
    apiPort: values.API_PORT,
    signalPort: values.SIGNAL_PORT,
    databaseUrl: values.DATABASE_URL,
    dataDir: values.DATA_DIR,
    nats: natsConfig(values),
    tokenKeyFile: values.TOKEN_KEY_FILE,
    mail: mailConfig(values),
    turn: {
      turnUrls: values.TURN_URLS ?? [],
      stunUrls: values.STUN_URLS ?? [],
      secret: values.TURN_SECRET,
      previousSecret: values.TURN_SECRET_PREVIOUS,
      ttlSeconds: values.TURN_TTL_SECONDS,
    },
    tls: tlsConfig(values),
    numbering:
      values.NUMBERING_PLAN === 'open'
        ? { plan: 'open' }
        : { plan: 'e164', defaultRegion: values.DEFAULT_REGION },
    securityProfile: values.SECURITY_PROFILE,
    ringTimeoutMs: values.RING_TIMEOUT_SECONDS,
    resumeWindowMs: values.RESUME_WINDOW_SECONDS,
    heartbeatMs: values.HEARTBEAT_SECONDS,
    tokenTtlSeconds: values.TOKEN_TTL_SECONDS,
    rateLimits: values.RATE_LIMITS === 'on',
    scenarioNumbers: values.SCENARIO_NUMBERS === 'on',
    adminHost: values.ADMIN_HOST,
    adminPort: values.ADMIN_PORT,
    adminPortIsSet: readings.some(({ name, source }) => name === 'ADMIN_PORT' && source !== 'default'),
    adminOrigin: values.ADMIN_ORIGIN,
    trustProxy: values.TRUST_PROXY,
    publicUrl: values.PUBLIC_URL,
    allowedOrigins: values.ALLOWED_ORIGINS ?? [],
    prometheusUrl: values.PROMETHEUS_URL,
    tracing: values.OTEL_EXPORTER_OTLP_ENDPOINT
      ? { endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT, headers: values.OTEL_EXPORTER_OTLP_HEADERS ?? {} }
      : undefined,
    webhooks: { urls: values.WEBHOOK_URL ?? [], secrets: values.WEBHOOK_SECRET ?? [] },
    logLevel: values.LOG_LEVEL,
    settings: inForce(readings),
  }
}

function tlsConfig({ TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile }: Values): Config['tls'] {
  return certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile }
}

const natsConfig = (values: Values): Config['nats'] =>
  values.NATS_URL === undefined
    ? undefined
    : { url: values.NATS_URL, credentialsFile: values.NATS_CREDS_FILE, caFile: values.NATS_CA_FILE }
