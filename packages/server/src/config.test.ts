// One entry for every setting, with what it takes and refuses: as long as the settings are many, and found by their name.
import { describe, expect, test } from 'vitest'
import { type SettingName, settings } from './config/settings.js'
import { type Config, ConfigError, loadConfig } from './config.js'

const noFiles = (path: string): string => {
  throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })
}
const files =
  (contents: Record<string, string>) =>
  (path: string): string =>
    contents[path] ?? noFiles(path)

const load = (env: Record<string, string>, contents: Record<string, string> = {}) =>
  loadConfig(env, files(contents))

function fault(env: Record<string, string>, contents: Record<string, string> = {}): ConfigError {
  try {
    load(env, contents)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('it was taken')
}

const gmail = {
  GMAIL_USER: 'me@gmail.com',
  GMAIL_CLIENT_ID: 'id',
  GMAIL_CLIENT_SECRET: 'hush',
  GMAIL_REFRESH_TOKEN: 'hush too',
}
const database = { DATABASE_URL: 'postgres://u:p@db/calls' }
const turn = { TURN_SECRET: 'hush' }

interface Case {
  /** What must be set beside it. */
  with?: Record<string, string>
  good: Record<string, [(config: Config) => unknown, unknown]>
  bad: string[]
}

const portCase = (pick: (config: Config) => number): Case => ({
  good: { '0': [pick, 0], '65535': [pick, 65_535], ' 8443 ': [pick, 8_443] },
  bad: ['65536', '-1', '12abc', '1e3', '0x10', '80.5', 'http', '٣'],
})
const secondsCase = (pick: (config: Config) => number): Case => ({
  good: { '0.5': [pick, 500], '5': [pick, 5_000], '3600': [pick, 3_600_000] },
  bad: ['0', '0.0', '-1', '3600.1', '1e1', '5s', '.', 'Infinity', 'NaN'],
})
const hostCase = (pick: (config: Config) => string): Case => ({
  good: {
    '127.0.0.1': [pick, '127.0.0.1'],
    '::1': [pick, '::1'],
    '[::]': [pick, '::'],
    localhost: [pick, 'localhost'],
  },
  bad: ['http://localhost', 'localhost:80', '1.2.3', '256.1.1.1', 'a b', '-x', 'a..b'],
})
const fileCase = (pick: (config: Config) => string | undefined, more?: Record<string, string>): Case => ({
  ...(more && { with: more }),
  good: { '/etc/a file': [pick, '/etc/a file'] },
  bad: [],
})

const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

const cases: Record<SettingName, Case> = {
  API_PORT: portCase(config => config.apiPort),
  SIGNAL_PORT: portCase(config => config.signalPort),
  ADMIN_PORT: portCase(config => config.adminPort),
  HOST: hostCase(config => config.host),
  ADMIN_HOST: hostCase(config => config.adminHost),
  ADMIN_ORIGIN: {
    good: { 'https://Admin.example.org:443/': [c => c.adminOrigin, 'https://admin.example.org'] },
    bad: ['*', 'admin.example.org', 'https://admin.example.org/panel'],
  },
  ROLE: {
    with: database,
    good: { api: [c => c.role, 'api'], SIGNAL: [c => c.role, 'signal'], all: [c => c.role, 'all'] },
    bad: ['both', 'api,signal', 'toString'],
  },
  DATABASE_URL: {
    good: {
      'postgres://u:p@h:5432/db?sslmode=require': [
        c => c.databaseUrl,
        'postgres://u:p@h:5432/db?sslmode=require',
      ],
      'postgresql:///db?host=/var/run': [c => c.databaseUrl, 'postgresql:///db?host=/var/run'],
    },
    bad: ['mysql://u:sesame@h/db', 'postgres://u:ses#ame@h/db', 'postgres:sesame', 'sesame', '/sesame'],
  },
  DATA_DIR: fileCase(c => c.dataDir),
  NATS_URL: {
    with: database,
    good: {
      'nats://a:4222': [c => c.nats?.url, 'nats://a:4222'],
      'nats://a:4222, tls://u:p@b': [c => c.nats?.url, 'nats://a:4222,tls://u:p@b'],
    },
    bad: ['http://sesame', 'sesame:4222', 'nats://', 'nats://a,,sesame'],
  },
  NATS_CREDS_FILE: fileCase(c => c.nats?.credentialsFile, { ...database, NATS_URL: 'nats://n' }),
  NATS_CA_FILE: fileCase(c => c.nats?.caFile, { ...database, NATS_URL: 'nats://n' }),
  TOKEN_KEY_FILE: fileCase(c => c.tokenKeyFile),
  SMTP_URL: {
    good: {
      'smtp://127.0.0.1:1025': [c => c.mail.transport, { kind: 'smtp', url: 'smtp://127.0.0.1:1025' }],
      'smtps://me%40x.org:p@mail.x.org': [c => c.mail.from, 'Switchboard <me@x.org>'],
      'smtp://me:p@mail.x.org': [c => c.mail.from, 'Switchboard <no-reply@mail.x.org>'],
      'smtp://[::1]:25': [c => c.mail.from, 'Switchboard <no-reply@localhost>'],
    },
    bad: ['http://sesame', 'sesame:25', 'smtp://', 'smtp:sesame'],
  },
  MAIL_FROM: {
    good: {
      'a@b.org': [c => c.mail.from, 'a@b.org'],
      'Calls Ltd <a@b.org>': [c => c.mail.from, 'Calls Ltd <a@b.org>'],
      '"Calls, Ltd" <a@b.org>': [c => c.mail.from, '"Calls, Ltd" <a@b.org>'],
    },
    bad: [
      'calls',
      'Calls, Ltd <a@b.org>',
      'a@b.org\r\nBcc: c@d.org',
      'x\n<a@b.org>',
      'a@b, c@d',
      '<a@b> <c@d>',
    ],
  },
  MAIL_TEMPLATES_DIR: fileCase(c => c.mail.templatesDir),
  GMAIL_USER: {
    with: gmail,
    good: { 'you@gmail.com': [c => c.mail.from, 'Switchboard <you@gmail.com>'] },
    bad: ['you', 'you@', 'a@b@c'],
  },
  GMAIL_CLIENT_ID: {
    with: gmail,
    good: {
      x: [
        c => c.mail.transport,
        {
          kind: 'gmail',
          user: 'me@gmail.com',
          clientId: 'x',
          clientSecret: 'hush',
          refreshToken: 'hush too',
        },
      ],
    },
    bad: [],
  },
  GMAIL_CLIENT_SECRET: {
    with: gmail,
    good: { s3: [c => c.mail.transport, expect.objectContaining({ clientSecret: 's3' })] },
    bad: [],
  },
  GMAIL_REFRESH_TOKEN: {
    with: gmail,
    good: { r3: [c => c.mail.transport, expect.objectContaining({ refreshToken: 'r3' })] },
    bad: [],
  },
  TURN_URLS: {
    with: turn,
    good: {
      'turn:t.org, turns:[::1]:5349?transport=tcp,': [
        c => c.turn.turnUrls,
        ['turn:t.org', 'turns:[::1]:5349?transport=tcp'],
      ],
    },
    bad: [
      't.org',
      'turn://t.org',
      'turn:t.org?transport=sctp',
      'stun:t.org',
      'turn:u:p@t.org',
      'turn:t.org x',
    ],
  },
  STUN_URLS: {
    good: { 'stun:s.org:3478,stuns:s.org': [c => c.turn.stunUrls, ['stun:s.org:3478', 'stuns:s.org']] },
    bad: ['s.org', 'stun://s.org', 'stun:s.org?transport=udp', 'turn:s.org'],
  },
  TURN_SECRET: { good: { ' spaced': [c => c.turn.secret, ' spaced'] }, bad: [] },
  TURN_SECRET_PREVIOUS: { with: turn, good: { old: [c => c.turn.previousSecret, 'old'] }, bad: [] },
  TURN_TTL_SECONDS: {
    good: { '1': [c => c.turn.ttlSeconds, 1], '86400': [c => c.turn.ttlSeconds, 86_400] },
    bad: ['0', '86401', '1.5', '-5', '1h'],
  },
  TLS_CERT_FILE: fileCase(c => c.tls?.certFile, { TLS_KEY_FILE: 'key' }),
  TLS_KEY_FILE: fileCase(c => c.tls?.keyFile, { TLS_CERT_FILE: 'cert' }),
  NUMBERING_PLAN: {
    good: {
      open: [c => c.numbering, { plan: 'open' }],
      e164: [c => c.numbering, { plan: 'e164', defaultRegion: undefined }],
    },
    bad: ['E.164', 'nanp'],
  },
  DEFAULT_REGION: {
    with: { NUMBERING_PLAN: 'e164' },
    good: { se: [c => c.numbering, { plan: 'e164', defaultRegion: 'SE' }] },
    bad: ['XX', 'Sweden', '46', '__proto__'],
  },
  SECURITY_PROFILE: { good: { strict: [c => c.securityProfile, 'strict'] }, bad: ['lax'] },
  RING_TIMEOUT_SECONDS: secondsCase(c => c.ringTimeoutMs),
  RESUME_WINDOW_SECONDS: secondsCase(c => c.resumeWindowMs),
  HEARTBEAT_SECONDS: secondsCase(c => c.heartbeatMs),
  TOKEN_TTL_SECONDS: {
    good: { '1': [c => c.tokenTtlSeconds, 1], '2592000': [c => c.tokenTtlSeconds, 2_592_000] },
    bad: ['0', '2592001', '0.5', '-1', '1d'],
  },
  SCENARIO_NUMBERS: {
    good: { on: [c => c.scenarioNumbers, true], off: [c => c.scenarioNumbers, false] },
    bad: ['yes'],
  },
  RATE_LIMITS: {
    good: { off: [c => c.rateLimits, false], on: [c => c.rateLimits, true] },
    bad: ['true', '0'],
  },
  TRUST_PROXY: {
    good: {
      off: [c => c.trustProxy, []],
      loopback: [c => c.trustProxy, ['127.0.0.0/8', '::1/128']],
      '10.0.0.0/8, fd00::/8,192.0.2.1': [c => c.trustProxy, ['10.0.0.0/8', 'fd00::/8', '192.0.2.1']],
    },
    bad: [
      'on',
      'true',
      '1',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0/8',
      'proxy.local',
      'off,10.0.0.1',
      '::1/129',
    ],
  },
  PUBLIC_URL: {
    good: {
      'https://Calls.example.org:443/': [c => c.publicUrl, 'https://calls.example.org'],
      'http://x/base/': [c => c.publicUrl, 'http://x/base'],
    },
    bad: ['calls.example.org', 'ws://x', 'https://u:p@x', 'https://x?y', 'https://x#y'],
  },
  ALLOWED_ORIGINS: {
    good: {
      'https://App.example.org:443/,http://localhost:5173': [
        c => c.allowedOrigins,
        ['https://app.example.org', 'http://localhost:5173'],
      ],
      'capacitor://localhost': [c => c.allowedOrigins, ['capacitor://localhost']],
    },
    bad: ['*', 'null', 'https://*.x.org', 'https://x/path', 'https://u@x', 'x.org', 'https://x?y'],
  },
  PROMETHEUS_URL: {
    good: { 'http://localhost:9095/': [c => c.prometheusUrl, 'http://localhost:9095'] },
    bad: ['localhost:9095', 'unix:/run/prometheus', 'http://u:p@localhost'],
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    good: {
      'http://localhost:4318/': [c => c.tracing, { endpoint: 'http://localhost:4318', headers: {} }],
      'https://otel.x.org/otlp': [c => c.tracing?.endpoint, 'https://otel.x.org/otlp'],
    },
    bad: ['localhost:4318', 'grpc://localhost:4317', 'http://u:p@localhost'],
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    with: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' },
    good: {
      'Authorization=Bearer%20a%3Db, x-team=calls': [
        c => c.tracing?.headers,
        { authorization: 'Bearer a=b', 'x-team': 'calls' },
      ],
      'a=': [c => c.tracing?.headers, { a: '' }],
    },
    bad: ['sesame', 'a b=sesame', 'a=%zz', 'a=%0d%0asesame', '=sesame'],
  },
  WEBHOOK_URL: {
    with: { WEBHOOK_SECRET: webhookSecret },
    good: {
      'https://crm.x.org/calls?a=b, http://10.0.0.7:3000': [
        c => c.webhooks.urls,
        ['https://crm.x.org/calls?a=b', 'http://10.0.0.7:3000/'],
      ],
    },
    bad: ['crm.x.org', 'ftp://crm.x.org', 'https://u:p@crm.x.org', 'https://crm.x.org/#a'],
  },
  WEBHOOK_SECRET: {
    with: { WEBHOOK_URL: 'https://crm.x.org/' },
    good: {
      [webhookSecret]: [c => c.webhooks.secrets, [Buffer.alloc(32, 7)]],
      [`${webhookSecret}, whsec_${'A'.repeat(32)}`]: [
        c => c.webhooks.secrets,
        [Buffer.alloc(32, 7), Buffer.alloc(24)],
      ],
    },
    bad: ['sesame', 'whsec_AAAA', `whsec_${'A'.repeat(90)}`, Array(3).fill(webhookSecret).join(), ','],
  },
  LOG_LEVEL: {
    good: { WARN: [c => c.logLevel, 'warn'], silent: [c => c.logLevel, 'silent'] },
    bad: ['verbose', 'loud', '30'],
  },
}

describe.each(Object.entries(cases))('%s', (name, { with: more = {}, good, bad }) => {
  test.each(Object.entries(good))('takes %j', (written, [pick, expected]) => {
    expect(pick(load({ ...more, [name]: written }))).toEqual(expected)
  })

  test.each(bad)('refuses %j in one line', written => {
    const { variable, message } = fault({ ...more, [name]: written })
    expect(variable).toBe(name)
    expect(message).toMatch(new RegExp(`^${name}: [^\\n\\r]+; for example \\S`))
    expect(message).not.toContain('sesame')
  })

  test('empty counts as unset', () => {
    const rest = Object.fromEntries(Object.entries(more).filter(([other]) => other !== name))
    const outcome = (env: Record<string, string>) => {
      try {
        return load(env)
      } catch (error) {
        return String(error)
      }
    }
    expect(outcome({ ...rest, [name]: ' ' })).toEqual(outcome(rest))
  })

  test('has an example that it takes itself', () => {
    const { parse, example } = settings[name as SettingName]
    expect(() => parse(example)).not.toThrow()
  })
})

test('nothing set: the defaults of the contract', () => {
  expect(load({})).toEqual({
    role: 'all',
    settings: expect.any(Array),
    host: '0.0.0.0',
    apiPort: 8080,
    signalPort: 4000,
    databaseUrl: undefined,
    dataDir: './data',
    nats: undefined,
    tokenKeyFile: 'keys/tokenSecret.key',
    mail: {
      transport: { kind: 'outbox' },
      from: 'Switchboard <no-reply@localhost>',
      templatesDir: undefined,
    },
    turn: { turnUrls: [], stunUrls: [], secret: undefined, previousSecret: undefined, ttlSeconds: 3600 },
    tls: undefined,
    numbering: { plan: 'open' },
    securityProfile: 'standard',
    ringTimeoutMs: 60_000,
    resumeWindowMs: 30_000,
    heartbeatMs: 25_000,
    tokenTtlSeconds: 86_400,
    rateLimits: true,
    scenarioNumbers: false,
    adminHost: '127.0.0.1',
    adminPort: 9090,
    adminPortIsSet: false,
    tracing: undefined,
    trustProxy: [],
    publicUrl: undefined,
    allowedOrigins: [],
    webhooks: { urls: [], secrets: [] },
    logLevel: 'info',
  })
})
