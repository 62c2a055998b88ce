import { createHash } from 'node:crypto'

type Json = Readonly<Record<string, unknown>>

/** What a document says for people; it may change at any time. */
const prose = new Set([
  'description',
  'summary',
  'title',
  'examples',
  'example',
  'tags',
  'x-response-description',
  'headers',
])

/** The same, without prose and with members in the order of their names; the names of properties are not prose. */
function canonical(value: unknown, areNames = false): unknown {
  if (Array.isArray(value)) return value.map(each => canonical(each))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => areNames || !prose.has(name))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, canonical(each, name === 'properties' || name === 'responses')]),
  )
}

const hash = (value: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(canonical(value)))
    .digest('hex')
    .slice(0, 16)

const keysOf = (value: unknown) => Object.keys((value ?? {}) as Json).sort()

type Operations = Record<string, Record<string, { responses?: Record<string, { description?: string }> }>>

/** Which codes each route promises with which status: they stand in descriptions, beside the schema. */
const codesOf = (paths: unknown): string[] =>
  Object.entries(paths as Operations).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses = {} }]) =>
      Object.entries(responses).map(([status, { description = '' }]) => {
        const codes = [...description.matchAll(/`([a-z_]+)`: /g)].map(([, code]) => code)
        return `${method} ${path} ${status} ${codes.sort().join(' ')}`
      }),
    ),
  )

/** Everything that goes over the wire, as two short hashes: what differs says where to look. */
export interface Fingerprint {
  readonly messages: string
  readonly routes: string
}

/** Of the documents in docs/reference, which a test holds to what a server says of itself. */
export function fingerprintOf(asyncapi: Json, openapi: Json): Fingerprint {
  const { schemas } = asyncapi.components as Json
  const closes = (asyncapi['x-close-codes'] as { code: number; reason: string; retry: boolean }[]).map(
    ({ code, reason, retry }) => ({ code, reason, retry }),
  )
  const routes = openapi.components as Json
  return {
    messages: hash([schemas, keysOf(asyncapi['x-error-codes']), keysOf(asyncapi['x-causes']), closes]),
    routes: hash([openapi.paths, codesOf(openapi.paths).sort(), routes.schemas]),
  }
}

export type Bump = 'patch' | 'minor' | 'major'

/** How far changesets raise a package: the furthest of them. */
export function bumpOf(name: string, changesets: readonly string[]): Bump | undefined {
  const bumps = changesets.flatMap(text => {
    const front = /^---\n([\s\S]*?)\n---/.exec(text)?.[1] ?? ''
    return front.split('\n').flatMap(line => {
      const [, of, bump] = /^["']?([^"':]+)["']?:\s*(patch|minor|major)\s*$/.exec(line) ?? []
      return of === name ? [bump as Bump] : []
    })
  })
  return (['major', 'minor', 'patch'] as const).find(bump => bumps.includes(bump))
}

/** What `packages/protocol/wire.json` holds: the wire of a version of the protocol. */
export interface RecordedWire extends Fingerprint {
  readonly version: string
  /** Whether somebody may run it already. */
  readonly released: boolean
}

/** What is wrong with the wire as it is, and what to do; nothing when it is the recorded one, or announced as another. */
export function wireFault(
  now: Fingerprint,
  recorded: RecordedWire,
  version: string,
  bump: Bump | undefined,
): string | undefined {
  if (recorded.version !== version)
    return `wire.json is of ${recorded.version}, the protocol is ${version}: npm run wire, as a release does`
  const changed = (['messages', 'routes'] as const).filter(half => now[half] !== recorded[half])
  if (changed.length === 0 || bump === 'minor' || bump === 'major') return undefined
  const what = `The wire (${changed.join(' and ')}) is another one than that of protocol ${version}.`
  if (!recorded.released) return `${what} Nobody has that version yet: npm run wire records it anew.`
  return (
    `${what} Say so in a changeset: ` +
    'npx @changesets/cli@2.31.1, @switchboard/protocol minor for what old clients and nodes can ignore, major (and a new ' +
    'PROTOCOL_VERSION) for what they cannot; and in docs/upgrading.md, what it means for whoever runs it.'
  )
}
