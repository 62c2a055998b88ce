import { BadValue } from './config-error.js'

/** A `postgresql://` URL as libpq reads it: it may name several servers, and say which of them will do. */
export interface DatabaseUrl {
  /** In the order in which they are tried. */
  readonly servers: readonly { readonly name: string; readonly url: string }[]
  /** What a server must be to be taken: `target_session_attrs`. */
  readonly wanted: 'any' | 'read-write' | 'primary'
  /** `load_balance_hosts=random`: where every server takes writes, each process begins with another one. */
  readonly shuffled: boolean
  /** `pgbouncer=true`: connections are lent for one transaction at a time and remember nothing. */
  readonly pooled: boolean
}

const shape =
  /^(?<scheme>postgres(?:ql)?:\/\/)(?<login>[^/?#]*@)?(?<hosts>[^/?#@]*)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/

/** Throws `BadValue`. What is not ours to read is left for the driver, as it was written. */
export function readDatabaseUrl(written: string): DatabaseUrl {
  const parts = shape.exec(written)?.groups
  if (!parts) throw new BadValue('is not a PostgreSQL URL')
  const { scheme, login = '', hosts = '', path = '' } = parts
  const query = new URLSearchParams(parts.query)
  const ours = ['target_session_attrs', 'load_balance_hosts', 'pgbouncer'].filter(name => query.has(name))
  const wanted = choice(query, 'target_session_attrs', ['any', 'read-write', 'primary'])
  const shuffled = choice(query, 'load_balance_hosts', ['disable', 'random']) === 'random'
  const pooled = choice(query, 'pgbouncer', ['true', 'false']) === 'true'
  for (const name of ours) query.delete(name)

  const named = query.get('host')?.includes(',') ? inQuery(query) : undefined
  const servers = (named ?? hosts.split(',').map(host => ({ name: host, query }))).map(({ name, query }) => {
    const rest = query.size > 0 ? `?${query}` : ''
    return { name, url: `${scheme}${login}${named ? '' : name}${path}${rest}` }
  })
  if (servers.length > 1 && servers.some(({ name }) => name === ''))
    throw new BadValue('names a server without a host')
  const asWritten = servers.length === 1 && ours.length === 0
  return {
    servers: asWritten ? [{ name: hosts, url: written }] : servers,
    // libpq takes the first that answers; one that cannot write is of no use here.
    wanted: wanted ?? (servers.length > 1 ? 'read-write' : 'any'),
    shuffled,
    pooled,
  }
}

/** `?host=a,b&port=1,2`: the form for directories of sockets. One port is for all of them. */
function inQuery(query: URLSearchParams) {
  const hosts = query.get('host')?.split(',') ?? []
  const ports = query.get('port')?.split(',') ?? []
  if (ports.length > 1 && ports.length !== hosts.length)
    throw new BadValue(`names ${hosts.length} hosts and ${ports.length} ports`)
  return hosts.map((host, index) => {
    const own = new URLSearchParams(query)
    const port = ports.length > 1 ? ports[index] : ports[0]
    own.set('host', host)
    if (port) own.set('port', port)
    else own.delete('port')
    return { name: host === '' ? '' : port ? `${host}:${port}` : host, query: own }
  })
}

function choice<Known extends string>(
  query: URLSearchParams,
  name: string,
  known: readonly Known[],
): Known | undefined {
  const written = query.get(name)
  if (written === null) return undefined
  const found = known.find(each => each === written)
  if (!found) throw new BadValue(`has a ${name} other than ${known.join(', ')}`)
  return found
}
