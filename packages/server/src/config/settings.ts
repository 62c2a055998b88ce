import { headerFields } from './parse-headers.js'
import { mailAddress, mailSender, region } from './parse-names.js'
import {
  natsUrl,
  origin,
  postgresUrl,
  publicUrl,
  smtpUrl,
  stunUrl,
  trustedProxies,
  turnUrl,
  webhookUrl,
} from './parse-urls.js'
import { host, listOf, milliseconds, oneOf, type Parse, port, text, wholeNumber } from './parse-values.js'
import { webhookSecrets } from './parse-webhooks.js'

/** One environment variable. */
export interface Setting<Value = unknown> {
  readonly parse: Parse<Value>
  /** What holds when it is not set, as one would write it; undefined: nothing. */
  readonly fallback: string | undefined
  readonly example: string
  readonly about: string
  /** Never shown; also read from the file that NAME_FILE names. */
  readonly secret: boolean
}

interface Always<Value> extends Setting<Value> {
  readonly fallback: string
}

const always = <Value>(
  parse: Parse<Value>,
  fallback: string,
  about: string,
  example = fallback,
): Always<Value> => ({ parse, fallback, example, about, secret: false })
const maybe = <Value>(parse: Parse<Value>, about: string, example: string): Setting<Value> => ({
  parse,
  fallback: undefined,
  example,
  about,
  secret: false,
})
const secret = <Value>(parse: Parse<Value>, about: string, example: string): Setting<Value> => ({
  ...maybe(parse, about, example),
  secret: true,
})

const anHour = 3_600
const aDay = 24 * anHour

/** Every variable that the product reads: contract section 5. */
export const settings = {
  API_PORT: always(port, '8080', 'REST, and signaling at /signal; 0: any free port, printed at start'),
  SIGNAL_PORT: always(port, '4000', 'signaling; 0: any free port, printed at start'),
  HOST: always(host, '0.0.0.0', 'address or name to listen on', '127.0.0.1'),
  ROLE: always(oneOf('all', 'api', 'signal'), 'all', 'all in one process, or api and signal apart'),
  DATABASE_URL: secret(
    postgresUrl,
    'a PostgreSQL of yours, 13 or later; not set: an embedded one in DATA_DIR',
    'postgres://switchboard:secret@localhost:5432/switchboard',
  ),
  DATA_DIR: always(text, './data', 'where the embedded PostgreSQL keeps its data', '/var/lib/switchboard'),
  NATS_URL: secret(natsUrl, 'joins nodes to a cluster; not set: one process', 'nats://localhost:4222'),
  NATS_CREDS_FILE: maybe(text, 'NATS credentials: a JWT and its seed', '/etc/switchboard/node.creds'),
  NATS_CA_FILE: maybe(
    text,
    'authority of the NATS certificates, if the system does not know it',
    '/etc/nats/ca.pem',
  ),
  TOKEN_KEY_FILE: always(
    text,
    'keys/tokenSecret.key',
    'private key that signs tokens; made at first start where there is none',
  ),
  SMTP_URL: secret(
    smtpUrl,
    'mail server; not set, and no Gmail either: mail stays in a local outbox',
    'smtps://user:secret@mail.example.org',
  ),
  MAIL_FROM: maybe(
    mailSender,
    'sender of mails; not set: the user of SMTP_URL or Gmail, else no-reply@ our host',
    'Switchboard <calls@example.org>',
  ),
  MAIL_TEMPLATES_DIR: maybe(text, 'templates of yours, by the names of ours', '/etc/switchboard/templates'),
  GMAIL_USER: maybe(mailAddress, 'Gmail account that sends mails; needs the other three', 'you@gmail.com'),
  GMAIL_CLIENT_ID: maybe(text, 'OAuth2 client of the Gmail account', '123-abc.apps.googleusercontent.com'),
  GMAIL_CLIENT_SECRET: secret(text, "the OAuth2 client's secret", 'GOCSPX-abc'),
  GMAIL_REFRESH_TOKEN: secret(text, 'OAuth2 refresh token with scope https://mail.google.com/', '1//04abc'),
  TURN_URLS: maybe(
    listOf(turnUrl),
    'TURN servers, by commas; needs TURN_SECRET',
    'turn:turn.example.org:3478?transport=udp,turns:turn.example.org:5349',
  ),
  TURN_SECRET: secret(text, "the TURN servers' shared secret (coturn: static-auth-secret)", 'Zq3...'),
  TURN_SECRET_PREVIOUS: secret(
    text,
    'the shared secret before, while some TURN servers still have it; unset it when none has',
    'Ab7...',
  ),
  TURN_TTL_SECONDS: always(wholeNumber(1, aDay), '3600', 'how long TURN credentials are good'),
  STUN_URLS: maybe(listOf(stunUrl), 'STUN servers, by commas', 'stun:turn.example.org:3478'),
  TLS_CERT_FILE: maybe(
    text,
    'certificate chain; needs TLS_KEY_FILE; not set: plain HTTP and ws',
    '/etc/ssl/calls.pem',
  ),
  TLS_KEY_FILE: maybe(text, "the certificate's private key", '/etc/ssl/calls.key'),
  NUMBERING_PLAN: always(oneOf('open', 'e164'), 'open', 'open: 3 to 15 digits; e164: real numbers only'),
  DEFAULT_REGION: maybe(region, 'country of numbers written without +, for e164', 'SE'),
  SECURITY_PROFILE: always(oneOf('standard', 'strict'), 'standard', 'how strict the rules are'),
  RING_TIMEOUT_SECONDS: always(milliseconds(anHour), '60', 'how long a call rings'),
  RESUME_WINDOW_SECONDS: always(milliseconds(anHour), '30', 'how long a lost socket may take to come back'),
  HEARTBEAT_SECONDS: always(milliseconds(anHour), '25', 'time between pings of a socket'),
  TOKEN_TTL_SECONDS: always(wholeNumber(1, 30 * aDay), '86400', 'how long an access token is good'),
  RATE_LIMITS: always(oneOf('on', 'off'), 'on', 'off is for load tests'),
  SCENARIO_NUMBERS: always(
    oneOf('on', 'off'),
    'off',
    'on: numbers that behave, 0000001 (echo) and on, for development (docs/guide.md)',
  ),
  ADMIN_PORT: always(port, '9090', 'admin panel and metrics'),
  ADMIN_HOST: always(host, '127.0.0.1', 'where the admin panel listens; keep it private'),
  ADMIN_ORIGIN: maybe(
    origin,
    'where browsers find the admin panel, if it is not at ADMIN_HOST and ADMIN_PORT',
    'https://admin.example.org',
  ),
  TRUST_PROXY: always(
    trustedProxies,
    'off',
    'proxies whose X-Forwarded-For counts: off, loopback, addresses and networks by commas',
    'loopback,10.0.0.0/8',
  ),
  PUBLIC_URL: maybe(publicUrl, 'where clients find the API', 'https://calls.example.org'),
  ALLOWED_ORIGINS: maybe(
    listOf(origin),
    'origins beside our own that browsers may come from, by commas',
    'https://app.example.org',
  ),
  PROMETHEUS_URL: maybe(
    publicUrl,
    'a Prometheus that has the figures of all nodes: the panel draws 6 hours, a day and a week from it',
    'http://localhost:9095',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: maybe(
    publicUrl,
    'an OpenTelemetry collector (OTLP over HTTP) that calls and requests are traced to; not set: no traces',
    'http://localhost:4318',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: secret(
    headerFields,
    'header fields for the collector, as key=value by commas, percent-encoded',
    'authorization=Bearer%20abc',
  ),
  WEBHOOK_URL: secret(
    listOf(webhookUrl),
    'receivers of call and user events, by commas; needs WEBHOOK_SECRET; not set: no webhooks',
    'https://crm.example.org/calls',
  ),
  WEBHOOK_SECRET: secret(
    webhookSecrets,
    'what events are signed with (Standard Webhooks); a second one, by a comma, while receivers change over',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  ),
  LOG_LEVEL: always(
    oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    'info',
    'least important lines that are logged',
    'debug',
  ),
} satisfies Record<string, Setting>

export type SettingName = keyof typeof settings

/** What the variables say: a value, or undefined where nothing is set and nothing is the default. */
export type Values = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends Always<infer Value>
    ? Value
    : (typeof settings)[Name] extends Setting<infer Value>
      ? Value | undefined
      : never
}
