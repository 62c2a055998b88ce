import type { Reading } from '../../../config/read-settings.js'
import type { SettingName } from '../../../config/settings.js'

/**
 * How somebody would guess it. `key`: at home, from something signed with it; `password`: by asking a server; `issued`:
 * another service made it, and its strength is not ours to judge.
 */
export type SecretKind = 'key' | 'password' | 'issued'

/** What is secret in a setting: the password in a URL, not the whole of it. */
export interface SecretPart {
  readonly name: SettingName
  readonly kind: SecretKind
  readonly value: string
}

/** Every secret that is set and could be read. */
export function secretParts(readings: readonly Reading[]): SecretPart[] {
  return readings.flatMap(({ name, setting, written, fault }) => {
    if (!setting.secret || fault !== undefined || written === undefined) return []
    const { kind, values } = partsOf(name, written)
    return values.filter(value => value.trim() !== '').map(value => ({ name, kind, value }))
  })
}

function partsOf(name: SettingName, written: string): { kind: SecretKind; values: string[] } {
  switch (name) {
    case 'DATABASE_URL':
    case 'SMTP_URL':
      return { kind: 'password', values: [...passwordsIn(written), ...inQuery(written)] }
    case 'NATS_URL':
      return { kind: 'password', values: [...passwordsIn(written), ...tokensIn(written)] }
    case 'TURN_SECRET':
    case 'TURN_SECRET_PREVIOUS':
      return { kind: 'key', values: [written] }
    case 'WEBHOOK_SECRET':
      return { kind: 'key', values: written.split(',').map(each => each.trim().replace(/^whsec_/, '')) }
    case 'OTEL_EXPORTER_OTLP_HEADERS':
      return { kind: 'issued', values: written.split(',').map(each => each.replace(/^[^=]*=/, '')) }
    case 'GMAIL_CLIENT_SECRET':
    case 'GMAIL_REFRESH_TOKEN':
      return { kind: 'issued', values: [written] }
    default:
      return { kind: 'issued', values: [] }
  }
}

const matches = (text: string, shape: RegExp) =>
  [...text.matchAll(shape)].map(([, found = '']) => decoded(found))

const passwordsIn = (urls: string) => matches(urls, /\/\/[^/@?#:]*:([^/@?#]*)@/g)
/** NATS: a token stands where the user does. */
const tokensIn = (urls: string) => matches(urls, /\/\/([^/@?#:]+)@/g)
const inQuery = (url: string) => matches(url, /[?&]password=([^&#]*)/g)

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
