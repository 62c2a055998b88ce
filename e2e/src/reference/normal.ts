/** What is another one at every run, by how it looks; and what stands for it in an example. */
const volatile: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, '2026-01-31T12:00:00.000Z'],
  [/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/, '01890a5d-ac96-774b-bcce-b302099a8057'],
  [/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/, 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIHVzZXIifQ.c2lnbmF0dXJl'],
]

/** By the member that holds it. */
const opaque: Readonly<Record<string, string>> = {
  username: '1769864400:b3BhcXVl',
  credential: 'c2VjcmV0IG9mIGEgcmVsYXk=',
  kid: 'c29tZSBrZXk',
  x: 'aHVuZHJlZCBhbmQgdHdlbnR5LWVpZ2h0IGJpdHMgb2Y',
  y: 'YSBwb2ludCB0aGF0IGV2ZXJ5Ym9keSBtYXkga25vdyE',
}

/** The same value, with what differs from run to run replaced. */
export function normal(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map(each => normal(each, key))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, normal(each, name)]))
  if (typeof value !== 'string') return value
  // The full name of a contact goes by the same name as the user of a relay.
  if (key in opaque && !value.includes(' ')) return opaque[key]
  return volatile.find(([pattern]) => pattern.test(value))?.[1] ?? value
}
