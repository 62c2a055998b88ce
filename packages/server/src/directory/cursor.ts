import { invalid } from './invalid.js'

/** Below and above every id there is. */
export const firstId = '00000000-0000-0000-0000-000000000000'
export const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const shape = /^[A-Za-z0-9_-]{22}$/

/** A cursor is the id of the last item seen, in base64url: opaque, short, and fit for a URL as it is. */
const cursorOf = (id: string): string => Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')

export function idOf(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url')
  // The last character has bits to spare: one id, one cursor.
  if (!shape.test(cursor) || bytes.toString('base64url') !== cursor) {
    throw invalid('/cursor', 'is not a cursor that this server gave')
  }
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** A page out of one item more than it may have: that one says whether another page follows. */
export function pageOf<Item>(found: readonly Item[], limit: number, id: (item: Item) => string) {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const more = found.length > limit && last !== undefined
  return { items, nextCursor: more ? cursorOf(id(last)) : null }
}
