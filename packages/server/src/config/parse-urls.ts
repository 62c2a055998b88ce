import { isIP } from 'node:net'
import { BadValue } from './config-error.js'
import { readDatabaseUrl } from './database-url.js'
import type { Parse } from './parse-values.js'

function readUrl(written: string): URL | undefined {
  return URL.canParse(written) ? new URL(written) : undefined
}

/** A URL of one of these schemes, kept as written: its reader is a driver with rules of its own. */
function urlOf(schemes: readonly string[], what: string, needsHost: boolean): Parse<string> {
  return written => {
    const url = readUrl(written)
    const fits = url && schemes.includes(url.protocol) && (!needsHost || url.hostname !== '')
    if (fits && written.startsWith(`${url.protocol}//`)) return written
    throw new BadValue(`is not ${what} (in user names and passwords, write @ : / # as %40 %3A %2F %23)`)
  }
}

const postgresServer = urlOf(['postgres:', 'postgresql:'], 'a PostgreSQL URL', false)

/** One server or several, by commas. */
export const postgresUrl: Parse<string> = written => {
  if (readUrl(written)) postgresServer(written)
  for (const { url } of readDatabaseUrl(written).servers) postgresServer(url)
  return written
}
export const smtpUrl = urlOf(['smtp:', 'smtps:'], 'an SMTP URL', true)
const natsServer = urlOf(['nats:', 'tls:'], 'a NATS URL', true)

/** One server or several, by commas. */
export const natsUrl: Parse<string> = written => {
  const servers = written.split(',').map(server => natsServer(server.trim()))
  return servers.join(',')
}

/** Where clients find us, without a slash at its end. */
export const publicUrl: Parse<string> = written => {
  const url = readUrl(written)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new BadValue('is not an http or https URL')
  if (url.username !== '' || url.password !== '') throw new BadValue('must not carry a user name or password')
  if (url.search !== '' || url.hash !== '') throw new BadValue('must not carry a query or a fragment')
  return url.href.replace(/\/+$/, '')
}

/** Where a receiver of events listens. The operator says so: an address within the network is as good as any other. */
export const webhookUrl: Parse<string> = written => {
  const url = readUrl(written)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new BadValue('is not an http or https URL')
  if (url.username !== '' || url.password !== '') throw new BadValue('must not carry a user name or password')
  if (url.hash !== '') throw new BadValue('must not carry a fragment')
  return url.href
}

/** As browsers write it in the `Origin` header: scheme, host, and the port unless it is the scheme's own. */
export const origin: Parse<string> = written => {
  const url = readUrl(written)
  if (!url || url.host === '' || url.host.includes('*'))
    throw new BadValue('is not an origin: a scheme and a host, no * and no "null"')
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new BadValue('is more than an origin: only scheme, host and port')
  if (url.pathname !== '' && url.pathname !== '/') throw new BadValue('is more than an origin: it has a path')
  return `${url.protocol}//${url.host}` // `url.origin` is "null" for schemes of apps, such as capacitor://localhost
}

const iceHost = String.raw`(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])`
const stunShape = new RegExp(`^stuns?:${iceHost}(?::\\d{1,5})?$`)
const turnShape = new RegExp(`^turns?:${iceHost}(?::\\d{1,5})?(?:\\?transport=(?:udp|tcp))?$`)

/** RFC 7064. */
export const stunUrl: Parse<string> = written => {
  if (stunShape.test(written)) return written
  throw new BadValue('is not a STUN URL')
}

/** RFC 7065. */
export const turnUrl: Parse<string> = written => {
  if (turnShape.test(written)) return written
  throw new BadValue('is not a TURN URL')
}

const loopback = ['127.0.0.0/8', '::1/128']

/** `off`, `loopback`, or addresses and networks, by commas. */
export const trustedProxies: Parse<readonly string[]> = written => {
  if (written.toLowerCase() === 'off') return []
  const parts = written.split(',').map(part => part.trim())
  return parts.filter(part => part !== '').flatMap(part => (part === 'loopback' ? loopback : [network(part)]))
}

function network(written: string): string {
  const [address = '', prefix, ...more] = written.split('/')
  const version = isIP(address)
  const bits = prefix === undefined ? 0 : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (version === 0 || more.length > 0 || !(bits <= (version === 4 ? 32 : 128)))
    throw new BadValue('is neither off, loopback, an IP address nor a network such as 10.0.0.0/8')
  return written
}
