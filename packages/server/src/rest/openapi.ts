import { STATUS_CODES } from 'node:http'
import swagger from '@fastify/swagger'
import { type ErrorCode, errors, PROTOCOL_VERSION, problem } from '@switchboard/protocol'
import { limits } from '../limits.js'
import { asksToComeBack } from '../refusal.js'
import type { RestApp } from './deps.js'
import { type Operation, refusalsOf } from './operation.js'

const description = `Accounts, contacts and calls of a Switchboard server. JSON in, JSON out; calls themselves go over its WebSocket.

Every refusal is a problem document (RFC 9457) with a stable \`code\`. Routes that take no body take an empty JSON object
as well. Members and parameters that are not named here are refused.`

type Server = { url: string }

const tags = ['Account', 'Session', 'Password', 'Contacts', 'Calls', 'Blocking', 'Server']

const bestPractice =
  "Verified as RFC8725 asks: one algorithm, which the server's key decides; issuer, audience, times and purpose."

const seconds = (description: string, maximum: number) =>
  ({ type: 'integer', format: 'int32', minimum: 1, maximum, description }) as const

const [perAddress] = limits.rates.requests.windows

const answerHeaders = {
  'X-RateLimit-Limit': {
    type: 'integer',
    format: 'int32',
    minimum: 1,
    maximum: 1_000_000,
    description: `Requests that one address may make within ${perAddress.within / 1000} seconds. Not there where limits are off.`,
  },
  'Access-Control-Allow-Origin': {
    type: 'string',
    maxLength: 512,
    description: 'The origin of the page that asks, when it is one of ours; otherwise not there.',
  },
}
const retryHeaders = { 'Retry-After': seconds('Seconds until it is worth asking again.', 24 * 3_600) }

/** Describes every route from the schemas that validate it. Has to be registered before the routes. */
export function describeRoutes(app: RestApp) {
  app.addSchema(problem)
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Switchboard',
        version: String(PROTOCOL_VERSION),
        description,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [
        { url: '/', description: 'This server, in production.', 'x-internal': false } as object as Server,
      ],
      tags: tags.map(name => ({ name })),
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: `Also taken bare, without \`Bearer\`. ${bestPractice}`,
          },
          reset_token: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: `From \`/verify_reset_password_code\`; good for \`/put_password\` alone. ${bestPractice}`,
          },
        },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => String(json.$id ?? `schema-${i}`) },
    transform: ({ schema, url, route }) => {
      const operation = route.config?.operation
      if (!operation) return { schema: { ...schema, hide: true }, url }
      return { schema: { ...schema, ...describe(operation, schema) }, url }
    },
  })
}

function describe(operation: Operation, schema: { body?: unknown; response?: unknown } | undefined) {
  const refusals = refusalsOf(operation, schema?.body !== undefined)
  return {
    // For everybody: the empty requirement says so where leaving it out would look forgotten.
    security: [operation.access === 'public' ? {} : { [operation.access]: [] }],
    response: { ...successes(schema?.response ?? {}), ...problemResponses(refusals) },
  }
}

/** A response needs a description; what else there is to say of it stands with its schema. */
const successes = (responses: object) =>
  Object.fromEntries(
    Object.entries(responses).map(([status, schema]) => [
      status,
      {
        'x-response-description': schema.description ?? STATUS_CODES[status],
        ...schema,
        headers: answerHeaders,
      },
    ]),
  )

function problemResponses(codes: readonly ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codes) {
    const { status } = errors[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const responses = [...byStatus].map(([status, among]) => {
    const texts = among.map(code => `\`${code}\`: ${errors[code].title}.`)
    const content = { 'application/problem+json': { schema: { $ref: 'Problem#' } } }
    const headers = { ...answerHeaders, ...(asksToComeBack(status) && retryHeaders) }
    return [status, { description: texts.join(' '), headers, content }] as const
  })
  return Object.fromEntries(responses)
}
