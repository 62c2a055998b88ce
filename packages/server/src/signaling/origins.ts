/**
 * Which browser pages may open a socket (RFC 6455 section 10.2): those on our own host, at one of our own ports, and
 * those that the operator lists. A client without `Origin` is no browser and is not asked.
 */
export function originPolicy(
  allowed: readonly string[],
  publicUrl: string | undefined,
  ports: () => readonly number[],
) {
  const listed = new Set([...allowed, ...(publicUrl ? [new URL(publicUrl).origin] : [])])
  return (origin: string, host: string | undefined): boolean => {
    if (listed.has(origin)) return true
    const page = parse(origin)
    const self = parse(`http://${host ?? ''}`)
    if (!page || !self || page.hostname !== self.hostname) return false
    return page.host === self.host || ports().includes(portOf(page))
  }
}

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}

const portOf = (url: URL) => Number(url.port || (url.protocol === 'https:' ? 443 : 80))
