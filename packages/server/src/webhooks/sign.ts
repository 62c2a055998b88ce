import { createHmac } from 'node:crypto'

/** The `webhook-signature` of Standard Webhooks: one for each secret, the one in use first. */
export const sign = (secrets: readonly Buffer[], id: string, seconds: number, body: string): string =>
  secrets
    .map(secret => `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')}`)
    .join(' ')
