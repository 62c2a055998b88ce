export interface Visit {
  readonly origin: string
  readonly host: string
  /** The page's own connection was encrypted, as far as we know. */
  readonly encrypted: boolean
}

/** Whether a page of this origin may open a socket. */
export type OriginPolicy = (visit: Visit) => boolean

/**
 * Which browser pages may open a socket (RFC 6455 section 10.2): those on our own host, at one of our own ports, and
 * those that the operator lists. A client without `Origin` is no browser and is not asked. Over TLS a page that came
 * without it is foreign: anybody on its way can have written it.
 */
export function originPolicy(
  allowed: readonly string[],
  publicUrl: string | undefined,
  ports: () => readonly number[],
): OriginPolicy {
  const listed = new Set([...allowed, ...(publicUrl ? [new URL(publicUrl).origin] : [])])
  return ({ origin, host, encrypted }) => {
    if (listed.has(origin)) return true
    const page = parse(origin)
    const self = page && parse(`${page.protocol}//${host}`) // so that a default port reads alike in both
    if (!self || page.hostname !== self.hostname || !/^https?:$/.test(page.protocol)) return false
    if (encrypted && page.protocol !== 'https:') return false
    return page.host === self.host || ports().includes(portOf(page))
  }
}

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}

const portOf = (url: URL) => Number(url.port || (url.protocol === 'https:' ? 443 : 80))
