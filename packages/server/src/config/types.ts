import type { SettingInForce } from './in-force.js'

/** The product's settings, typed and checked: contract section 5. */
export interface Config {
  readonly role: 'all' | 'api' | 'signal'
  readonly host: string
  readonly apiPort: number
  readonly signalPort: number
  /** Undefined: an embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  /** Undefined: one process is the whole system. */
  readonly nats:
    | {
        readonly url: string
        readonly credentialsFile: string | undefined
        readonly caFile: string | undefined
      }
    | undefined
  readonly tokenKeyFile: string
  readonly mail: MailConfig
  readonly turn: TurnConfig
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined
  readonly numbering:
    | { readonly plan: 'open' }
    | { readonly plan: 'e164'; readonly defaultRegion: string | undefined }
  readonly securityProfile: 'standard' | 'strict'
  readonly ringTimeoutMs: number
  readonly resumeWindowMs: number
  readonly heartbeatMs: number
  readonly tokenTtlSeconds: number
  readonly rateLimits: boolean
  /** Numbers that behave, for whoever builds an app. */
  readonly scenarioNumbers: boolean
  readonly adminHost: string
  readonly adminPort: number
  /** Somebody set it: then it must be free. The default may be taken, by a Prometheus or another server of ours. */
  readonly adminPortIsSet: boolean
  /** Undefined: browsers reach the panel where it listens. */
  readonly adminOrigin: string | undefined
  /** Addresses or networks of proxies whose X-Forwarded-For counts; empty: none. */
  readonly trustProxy: readonly string[]
  /** Without a slash at its end. */
  readonly publicUrl: string | undefined
  /** Origins beside our own that browsers may come from. */
  readonly allowedOrigins: readonly string[]
  /** Undefined: nothing is traced, and nothing of it loaded. */
  /** Where Prometheus answers, for the panel's longer charts. */
  readonly prometheusUrl: string | undefined
  readonly tracing:
    | { readonly endpoint: string; readonly headers: Readonly<Record<string, string>> }
    | undefined
  /** Without URLs there are no webhooks. */
  readonly webhooks: { readonly urls: readonly string[]; readonly secrets: readonly Buffer[] }
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  /** All of it as it was written, for who asks what is in force. */
  readonly settings: readonly SettingInForce[]
}

export interface MailConfig {
  readonly transport:
    | { readonly kind: 'outbox' }
    | { readonly kind: 'smtp'; readonly url: string }
    | {
        readonly kind: 'gmail'
        readonly user: string
        readonly clientId: string
        readonly clientSecret: string
        readonly refreshToken: string
      }
  readonly from: string
  /** A directory whose files take the place of the templates of the same name; undefined: ours. */
  readonly templatesDir: string | undefined
}

export interface TurnConfig {
  readonly turnUrls: readonly string[]
  readonly stunUrls: readonly string[]
  readonly secret: string | undefined
  /** While the secret is being changed: the one before. */
  readonly previousSecret: string | undefined
  readonly ttlSeconds: number
}
