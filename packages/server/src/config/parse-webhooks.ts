import { limits } from '../limits.js'
import { BadValue } from './config-error.js'
import { listOf, type Parse } from './parse-values.js'

const shape = /^whsec_([A-Za-z0-9+/]+={0,2})$/

/** `whsec_` and 24 to 64 bytes in Base64, as Standard Webhooks has it; given as the bytes. */
const webhookSecret: Parse<Buffer> = written => {
  const bytes = Buffer.from(shape.exec(written)?.[1] ?? '', 'base64')
  if (bytes.length >= 24 && bytes.length <= 64) return bytes
  throw new BadValue('is not whsec_ and 24 to 64 bytes in Base64: echo whsec_$(openssl rand -base64 32)')
}

/** One secret, or two while receivers change from the second to the first. */
export const webhookSecrets: Parse<readonly Buffer[]> = written => {
  const secrets = listOf(webhookSecret)(written)
  if (secrets.length >= 1 && secrets.length <= limits.webhookSecrets) return secrets
  throw new BadValue(`is not one secret, or ${limits.webhookSecrets} by a comma`)
}
