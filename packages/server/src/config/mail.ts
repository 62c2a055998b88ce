import { isIP } from 'node:net'
import type { Values } from './settings.js'
import type { MailConfig } from './types.js'

/** How mail leaves. The settings were checked to go together. */
export function mailConfig(values: Values): MailConfig {
  return {
    transport: transport(values),
    from: values.MAIL_FROM ?? `Switchboard <${sender(values)}>`,
    templatesDir: values.MAIL_TEMPLATES_DIR,
  }
}

function transport(values: Values): MailConfig['transport'] {
  const { GMAIL_USER: user, GMAIL_CLIENT_ID: clientId } = values
  const { GMAIL_CLIENT_SECRET: clientSecret, GMAIL_REFRESH_TOKEN: refreshToken } = values
  if (values.SMTP_URL !== undefined) return { kind: 'smtp', url: values.SMTP_URL }
  if (
    user !== undefined &&
    clientId !== undefined &&
    clientSecret !== undefined &&
    refreshToken !== undefined
  )
    return { kind: 'gmail', user, clientId, clientSecret, refreshToken }
  return { kind: 'outbox' }
}

/** Most mail servers take the account itself as sender and little else. */
function sender(values: Values): string {
  if (values.GMAIL_USER !== undefined) return values.GMAIL_USER
  const server = values.SMTP_URL === undefined ? undefined : new URL(values.SMTP_URL)
  const user = decoded(server?.username ?? '')
  if (/^[^\s@<>"]+@[^\s@<>"]+$/.test(user)) return user
  const ours = values.PUBLIC_URL === undefined ? server?.hostname : new URL(values.PUBLIC_URL).hostname
  return `no-reply@${ours === undefined || isAddress(ours) ? 'localhost' : ours}`
}

const isAddress = (hostname: string) => isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
