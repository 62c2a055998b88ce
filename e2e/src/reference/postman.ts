import { createHash } from 'node:crypto'
import { upReference } from '@switchboard/protocol/reference'
import { type ApiDocument, answerSchema, operationOf } from './openapi-document.js'
import type { Folder, Step } from './tour.js'

const schemaUrl = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'

/** What of a schema says which shape a value has; formats and texts are for other readers. */
function shape(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(shape)
  if (typeof schema !== 'object' || schema === null) return schema
  const kept = ['type', 'properties', 'required', 'items', 'enum', 'const', 'anyOf', 'additionalProperties']
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name]) => kept.includes(name))
      .map(([name, value]) => [
        name,
        name === 'properties'
          ? Object.fromEntries(Object.entries(value as object).map(([member, each]) => [member, shape(each)]))
          : shape(value),
      ]),
  )
}

/** The script that judges an answer. */
function testOf(document: ApiDocument, { method, path, status, code, keeps }: Step): string[] {
  const answer = answerSchema(operationOf(document, method, path), status)
  const expected = code === undefined ? answer : document.components.schemas.Problem
  const shaped =
    expected && status !== 204
      ? [
          `const schema = ${JSON.stringify(shape(expected))}`,
          "pm.test('has the shape', () => pm.response.to.have.jsonSchema(schema))",
        ]
      : ["pm.test('has no body', () => pm.expect(pm.response.text()).to.equal(''))"]
  return [
    `pm.test('answers ${status}', () => pm.response.to.have.status(${status}))`,
    ...shaped,
    ...(code ? [`pm.test('is ${code}', () => pm.expect(pm.response.json().code).to.equal('${code}'))`] : []),
    ...(keeps ? [`pm.collectionVariables.set('${keeps}', pm.response.json().token)`] : []),
  ]
}

function item(document: ApiDocument, step: Step) {
  const { name, method, path, body, auth } = step
  const [route = '', query] = path.split('?')
  return {
    name: `${name} (${step.status})`,
    event: [{ listen: 'test', script: { type: 'text/javascript', exec: testOf(document, step) } }],
    // GET and DELETE carry bodies here; Postman would drop them.
    protocolProfileBehavior: { disableBodyPruning: true },
    request: {
      method,
      header: [
        ...(auth ? [{ key: 'Authorization', value: `{{${auth}}}` }] : []),
        ...(body ? [{ key: 'Content-Type', value: 'application/json' }] : []),
      ],
      ...(body && { body: { mode: 'raw', raw: JSON.stringify(body, null, 2) } }),
      url: {
        raw: `{{base_url}}${path}`,
        host: ['{{base_url}}'],
        path: route.split('/').slice(1),
        ...(query && { query: [...new URLSearchParams(query)].map(([key, value]) => ({ key, value })) }),
      },
      description: operationOf(document, method, path).summary,
    },
  }
}

const messages = Object.entries(upReference).flatMap(([reason, { examples }]) =>
  Object.values(examples).map(
    ({ title, message }) => `${reason}, ${title.toLowerCase()}:\n\n    ${JSON.stringify(message)}`,
  ),
)

const description = `Every route of Switchboard, in an order that begins with an empty database and ends with one.
Set \`base_url\`; tokens are kept by themselves. \`reset_code\` and \`friend_reset_code\` are in two mails.

WebSocket requests have no form in Postman's collection format (v2.1). Make one by hand to \`{{signal_url}}\` and paste,
with the token of "Log in" in place of \`usersJWTTokenShouldBeHere\`:

${messages.join('\n\n')}`

const variables = {
  base_url: 'http://localhost:8080',
  signal_url: 'ws://localhost:4000',
  token: '',
  friend_token: '',
  reset_token: '',
  reset_code: '',
  friend_reset_code: '',
}

/** A Postman collection (v2.1) of the tour; its tests are made from the schemas that the server answers by. */
export function postmanCollection(document: ApiDocument, folders: readonly Folder[]): object {
  const id = createHash('sha256').update('switchboard').digest('hex')
  return {
    info: {
      _postman_id: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
      name: 'Switchboard',
      description,
      schema: schemaUrl,
    },
    variable: Object.entries(variables).map(([key, value]) => ({ key, value, type: 'string' })),
    item: folders.map(({ name, about, steps }) => ({
      name,
      description: about,
      item: steps.map(step => item(document, step)),
    })),
  }
}
