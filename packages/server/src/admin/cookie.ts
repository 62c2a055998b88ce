/** Bound to this host, over what browsers call trustworthy: https, and http to this machine itself. */
const name = '__Host-switchboard-admin'
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** The token of a session; whoever sends two of them has none. */
export function readCookie(header: string | undefined): string | undefined {
  const ours = (header ?? '').split(';').flatMap(pair => {
    const [key, value] = pair.trim().split('=', 2)
    return key === name && value !== undefined && /^[\w-]{20,100}$/.test(value) ? [value] : []
  })
  return ours.length === 1 ? ours[0] : undefined
}

/** It ends with the browser, and sooner by the server's own clock. */
export const writeCookie = (token: string | undefined): string =>
  token === undefined ? `${name}=; ${attributes}; Max-Age=0` : `${name}=${token}; ${attributes}`
