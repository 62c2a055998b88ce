import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const digits = 6

/** 160 bits, as RFC 4226 section 4 wants. */
export const newTotpSecret = (): Buffer => randomBytes(20)

/** RFC 4648 section 6, without padding: apps do not want any. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map(five => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

/** RFC 4226 section 5.3, with SHA-1 and six digits: what every app can do. */
export function codeAt(secret: Buffer, step: number, length = digits): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac[19] ?? 0) & 15
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 10 ** length).padStart(length, '0')
}

/** The step (RFC 6238 section 4.2) that this is the code of, of those around now; the newest first. */
export function stepOf(
  secret: Buffer,
  code: string,
  now: number,
  stepMs: number,
  around: number,
): number | undefined {
  const written = Buffer.from(code.replaceAll(/\s/g, ''))
  const current = Math.floor(now / stepMs)
  const steps = Array.from({ length: 2 * around + 1 }, (_, index) => current + around - index)
  return steps.find(step => {
    const right = Buffer.from(codeAt(secret, step))
    return right.length === written.length && timingSafeEqual(right, written)
  })
}

/** What apps read from the picture. */
export function totpUri(secret: Buffer, issuer: string, name: string): string {
  const query = new URLSearchParams({
    secret: base32(secret),
    issuer,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(name)}?${query.toString().replaceAll('+', '%20')}`
}
