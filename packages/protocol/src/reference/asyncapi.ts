import { closeEvents } from '../close-events.js'
import { down } from '../down/index.js'
import { up } from '../up/index.js'
import { PROTOCOL_VERSION } from '../version.js'
import { wireLimits } from '../wire-limits.js'
import { causeMeanings, closeMeanings, errorMeanings } from './codes.js'
import { downReference } from './down.js'
import { members } from './members.js'
import type { MessageReference } from './message-reference.js'
import { upReference } from './up.js'

type Json = Record<string, unknown>

const description = `Calls of a Switchboard server: one WebSocket a device, one JSON object a text frame of at most \
${wireLimits.frameBytes / 1024} KiB. \`connect\` comes first, within 5 s. Every frame of a client gets an effect, an \`error\` \
or a close; members that are not named here are ignored and never passed on.`

const servers = {
  signaling: {
    host: '{host}:4000',
    protocol: 'ws',
    description: 'The port of signaling (`SIGNAL_PORT`); `wss` where the server has a certificate.',
    variables: { host: { default: 'localhost', description: 'Where the server is.' } },
    security: [{ $ref: '#/components/securitySchemes/token' }],
  },
  api: {
    host: '{host}:8080',
    protocol: 'ws',
    description: 'The port of the API (`API_PORT`), so that one origin can serve both.',
    variables: { host: { default: 'localhost', description: 'Where the server is.' } },
    security: [{ $ref: '#/components/securitySchemes/token' }],
  },
}

const token = {
  type: 'apiKey',
  in: 'password',
  description:
    'The token of `/login`, in `TOKEN` of `connect`; nothing of it in the URL or a header. Browsers must come from an ' +
    'allowed origin (`ALLOWED_ORIGINS`); others get 403.',
}

/** By which name a message stands in the document: the two directions share some of their `REASON`s. */
const idOf = (direction: Direction, reason: string) => `${direction}.${reason}`
type Direction = 'client' | 'server'

/** The members' meanings, with the schema as it validates. */
function described(schema: { readonly properties: object }): Json {
  const plain = JSON.parse(JSON.stringify(schema)) as Json & { properties: Record<string, Json> }
  const properties = Object.entries(plain.properties).map(([name, each]) => {
    const texts = [members[name], each.description].filter(text => typeof text === 'string')
    return [name, { ...each, description: texts.join(' ') }]
  })
  return { ...plain, properties: Object.fromEntries(properties) }
}

function message(direction: Direction, reason: string, reference: MessageReference): Json {
  const { title, meaning, failures, examples } = reference
  return {
    name: reason,
    title: `${reason} (${direction})`,
    summary: `${title}.`,
    description: meaning,
    contentType: 'application/json',
    payload: { $ref: `#/components/schemas/${idOf(direction, reason)}` },
    ...('ID' in (direction === 'client' ? up : down)[reason as 'call'].properties && {
      correlationId: { location: '$message.payload#/ID' },
    }),
    examples: Object.entries(examples).map(([name, example]) => ({
      name,
      summary: example.title,
      payload: example.message,
    })),
    'x-direction': direction === 'client' ? 'client to server' : 'server to client',
    ...(direction === 'client' && { 'x-failures': failures }),
  }
}

const messageRefs = (where: string, ids: readonly string[]) => ids.map(id => ({ $ref: `${where}/${id}` }))

function channel(name: string, address: string, server: keyof typeof servers, ids: readonly string[]) {
  const messages = Object.fromEntries(ids.map(id => [id, { $ref: `#/components/messages/${id}` }]))
  const of = (direction: Direction) =>
    messageRefs(
      `#/channels/${name}/messages`,
      ids.filter(id => id.startsWith(`${direction}.`)),
    )
  const operation = (action: string, summary: string, direction: Direction) => ({
    action,
    summary,
    channel: { $ref: `#/channels/${name}` },
    messages: of(direction),
  })
  return {
    channel: {
      address,
      title: `Signaling at ${address} of the ${server} port`,
      servers: [{ $ref: `#/servers/${server}` }],
      messages,
      bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
    },
    operations: {
      [`${name}.receive`]: operation('receive', 'What a client sends.', 'client'),
      [`${name}.send`]: operation('send', 'What the server sends.', 'server'),
    },
  }
}

/** Signaling as AsyncAPI 3, from the schemas that validate it. The application that it describes is the server. */
export function asyncApi(): Json {
  const all = [
    ...Object.entries(upReference).map(([reason, reference]) => {
      const schema = described(up[reason as keyof typeof up])
      return ['client', reason, reference, schema] as const
    }),
    ...Object.entries(downReference).map(([reason, reference]) => {
      const schema = described(down[reason as keyof typeof down])
      return ['server', reason, reference, schema] as const
    }),
  ]
  const ids = all.map(([direction, reason]) => idOf(direction, reason))
  const own = channel('own', '/', 'signaling', ids)
  const shared = channel('shared', '/signal', 'api', ids)
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Switchboard signaling',
      version: String(PROTOCOL_VERSION),
      description,
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers,
    channels: { own: own.channel, shared: shared.channel },
    operations: { ...own.operations, ...shared.operations },
    components: {
      messages: Object.fromEntries(
        all.map(([direction, reason, reference]) => [
          idOf(direction, reason),
          message(direction, reason, reference),
        ]),
      ),
      schemas: Object.fromEntries(
        all.map(([direction, reason, , schema]) => [idOf(direction, reason), schema]),
      ),
      securitySchemes: { token },
    },
    'x-error-codes': errorMeanings,
    'x-causes': causeMeanings,
    'x-close-codes': Object.entries(closeEvents).map(([name, event]) => ({
      ...event,
      ...closeMeanings[name as keyof typeof closeEvents],
    })),
  }
}
