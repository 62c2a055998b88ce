import { createHash } from 'node:crypto'

export interface Endpoint {
  readonly id: string
  readonly url: string
}

/** An id that says nothing of the URL, which may hold a secret of the receiver's. */
const idOf = (url: string): string => createHash('sha256').update(url).digest('hex').slice(0, 16)

export const endpointsOf = (urls: readonly string[]): readonly Endpoint[] =>
  [...new Set(urls)].map(url => ({ id: idOf(url), url }))

/** Without the query, where receivers expect secrets. */
export const shownUrl = (url: string): string => {
  const { origin, pathname, search } = new URL(url)
  return `${origin}${pathname}${search === '' ? '' : '?…'}`
}
