import type { SMTPTransportOptions } from 'nodemailer'
import type { MailConfig } from '../config.js'
import { limits } from '../limits.js'
import type { Rendered } from './templates.js'

export interface Transport {
  /** Resolves when a server has taken the mail; rejects when it has not, or when `signal` says stop. */
  send(to: string, mail: Rendered, signal: AbortSignal): Promise<void>
  /** Connects and logs in, sends nothing. */
  verify(): Promise<void>
}

/** Every phase has its end: nodemailer's own are minutes. */
const timeouts = {
  dnsTimeout: limits.mailPhaseMs,
  connectionTimeout: limits.mailPhaseMs,
  greetingTimeout: limits.mailPhaseMs,
  socketTimeout: limits.mailPhaseMs,
}

type Sending = Exclude<MailConfig['transport'], { kind: 'outbox' }>

/** What nodemailer is asked for. */
export function transportOptions(transport: Sending): SMTPTransportOptions {
  const bounds = { ...timeouts, disableFileAccess: true, disableUrlAccess: true }
  if (transport.kind === 'smtp') return { ...bounds, url: transport.url }
  const { user, clientId, clientSecret, refreshToken } = transport
  return {
    ...bounds,
    service: 'gmail',
    auth: { type: 'OAuth2', user, clientId, clientSecret, refreshToken },
  }
}

/** Undefined for the outbox: mail is kept then, not sent. */
export function openTransport(
  { transport, from }: Pick<MailConfig, 'transport' | 'from'>,
  options: object = {},
): Transport | undefined {
  if (transport.kind === 'outbox') return undefined
  // Loaded for the first mail: it is one of the largest libraries, and most processes send none for hours.
  const open = async () =>
    (await import('nodemailer')).createTransport({ ...transportOptions(transport), ...options })
  let opening: ReturnType<typeof open> | undefined
  const mailer = () => {
    opening ??= open()
    return opening
  }
  return {
    async send(to, { subject, text, html }, signal) {
      await (await mailer()).sendMail({
        from,
        to: { name: '', address: to }, // an object, so that nothing in it is taken for a second address
        subject,
        text,
        html,
        textEncoding: 'base64', // keeps every byte of the template, line ends included
        headers: { 'auto-submitted': 'auto-generated' }, // RFC 3834: no out-of-office answers
        signal,
      })
    },
    async verify() {
      await (await mailer()).verify()
    },
  }
}
