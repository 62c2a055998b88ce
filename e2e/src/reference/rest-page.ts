import { type ErrorCode, errors } from '@switchboard/protocol'
import { type ApiDocument, type ApiOperation, answerSchema, bodySchema } from './openapi-document.js'
import { json, membersTable, type Schema, table } from './schema-table.js'
import type { Taken } from './take-tour.js'

const intro = `# REST, route by route

<!-- Made by \`npm run docs:reference\` from the routes of packages/server; edit those. -->

JSON in, JSON out, at most 16 KiB. The token goes into \`Authorization\`, bare or after \`Bearer \`. Members and parameters
that are not named here are refused; a route without a body takes \`{}\` as well. The same as OpenAPI 3.1:
\`/openapi.json\` of a running server, or [openapi.json](openapi.json); \`/docs\` lets you try every route.

Every example is a request that a test sends to a real server, and what the server answered; tokens, ids and times are
replaced. [The collection for Postman](switchboard.postman_collection.json) has the same requests in the same order.`

/** What every route may answer, as openapi.ts of the server has it: told once. */
const everywhere: readonly ErrorCode[] = [
  'invalid_request',
  'invalid_token',
  'too_large',
  'unsupported_media_type',
  'rate_limited',
  'internal',
  'service_unavailable',
]

/** Bounds that the server keeps after trimming and counting, where the schema is wider. */
const kept = {
  firstname: '1 to 100 characters after trimming',
  lastname: '1 to 100 characters after trimming',
  new_password: '8 to 128 code points, from 15 in the strict profile',
}

/** A password that is set has bounds; one that is shown is right or wrong. */
const boundsAt = (path: string) => ({
  ...kept,
  password: path === '/create_user' ? kept.new_password : '',
  current_password: '',
})

/** The codes that a description of a refusal names. */
const codesIn = (description: string) =>
  [...description.matchAll(/`([a-z_]+)`:/g)].map(([, code]) => code as ErrorCode)

function refusalsSection(taken: readonly Taken[]) {
  const example = taken.find(({ step }) => step.code === 'invalid_request')
  const rows = everywhere.map(code => [String(errors[code].status), `\`${code}\``, errors[code].title])
  return [
    '## Refusals',
    'Every refusal is a problem document (RFC 9457, `application/problem+json`) with a stable `code`; `errors` says what ' +
      'was wrong with bad input. 429 and 503 say in `Retry-After` when to ask again. Any route may answer:',
    table(['Status', 'Code', 'Meaning'], rows),
    `For example:\n\n${json(example?.answer)}`,
  ].join('\n\n')
}

const who = ({ security }: ApiOperation) => {
  const [scheme] = Object.keys(security[0] ?? {})
  if (scheme === undefined) return 'Anybody.'
  return scheme === 'reset_token' ? 'Whoever holds a reset token.' : 'Whoever is logged in.'
}

function refusalTable(operation: ApiOperation, taken: readonly Taken[]) {
  const own = Object.values(operation.responses)
    .flatMap(({ description }) => codesIn(description))
    .filter(code => errors[code] && !everywhere.includes(code))
  if (own.length === 0) return []
  const rows = own.map(code => {
    const shown = taken.find(({ step }) => step.code === code)
    const example = shown ? `${shown.step.name}: ${JSON.stringify((shown.answer as Problem).detail)}` : ''
    return [String(errors[code].status), `\`${code}\``, errors[code].title, example]
  })
  return [table(['Refused with', 'Code', 'Meaning', 'Example'], rows)]
}

interface Problem {
  readonly detail: string
}

function parametersTable({ parameters = [] }: ApiOperation) {
  if (parameters.length === 0) return []
  const properties = parameters.map(({ name, schema, description }) => {
    const member: Schema = { ...schema, ...(description !== undefined && { description }) }
    return [name, member] as const
  })
  const required = parameters.filter(each => each.required).map(({ name }) => name)
  return [`Parameters:\n\n${membersTable({ properties: Object.fromEntries(properties), required })}`]
}

function example({ step: { method, path, body, auth }, answer }: Taken, status: number) {
  const sent = [
    '```http',
    `${method} ${path}`,
    ...(auth ? [`Authorization: {{${auth}}}`] : []),
    ...(body ? ['Content-Type: application/json', '', JSON.stringify(body, null, 2)] : []),
    '```',
  ].join('\n')
  return answer === undefined
    ? `${sent}\n\nAnswered with ${status}, without a body.`
    : `${sent}\n\nAnswered with ${status}:\n\n${json(answer)}`
}

function route(method: string, path: string, operation: ApiOperation, all: readonly Taken[]) {
  const taken = all.filter(({ step }) => step.method === method && step.path.replace(/\?.*$/, '') === path)
  const shown = taken.find(({ step }) => step.code === undefined)
  const body = bodySchema(operation)
  const [status = 200] = Object.keys(operation.responses)
    .map(Number)
    .filter(each => each < 300)
  const answer = answerSchema(operation, status)
  const answers = answer?.properties && Object.keys(answer.properties).length > 0
  return [
    `### \`${method} ${path}\``,
    `**${operation.summary}.** ${operation.description ?? ''}`.trim(),
    `Who may ask: ${who(operation)}`,
    ...parametersTable(operation),
    ...(body ? [`Body:\n\n${membersTable(body, boundsAt(path))}`] : []),
    ...(answer && answers ? [`Answer, ${status}:\n\n${membersTable(answer, {}, false)}`] : []),
    ...refusalTable(operation, taken),
    ...(shown ? [example(shown, status)] : []),
  ].join('\n\n')
}

/** The REST reference as Markdown, with what the tour was answered as examples. */
export function restPage(document: ApiDocument, taken: readonly Taken[]): string {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const sections = document.tags.flatMap(({ name }) => [
    `## ${name}`,
    ...all
      .filter(({ operation }) => operation.tags.includes(name))
      .map(({ path, method, operation }) => route(method, path, operation, taken)),
  ])
  return `${[intro, refusalsSection(taken), ...sections].join('\n\n')}\n`
}
