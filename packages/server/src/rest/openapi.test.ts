import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RestWorld, restWorld } from './testing.js'

interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly security?: readonly object[]
  readonly requestBody?: {
    readonly content: Record<string, { schema: { properties: Record<string, { examples: string[] }> } }>
  }
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}
interface Document {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: {
    readonly schemas: Record<string, object>
    readonly securitySchemes: Record<string, object>
  }
}

let world: RestWorld
let document: Document
beforeAll(async () => {
  world = await restWorld()
  document = (await world.app.inject('/openapi.json')).json()
})
afterAll(() => world.close())

// Contract section 2, both tables.
const routes = `
  POST /create_user 201 | POST /login 200 | GET /authenticate 200 | GET /get_user 200 | POST /add_contact 201
  GET /get_contacts 200 | DELETE /delete_contact 204 | PUT /put_firstname 200 | PUT /put_lastname 200
  PUT /put_phonenumber 200 | GET /get_reset_password_code 202 | POST /get_reset_password_code 202
  GET /verify_reset_password_code 200 | POST /verify_reset_password_code 200 | PUT /put_password 204
  PUT /change_password 204 | POST /logout 204 | POST /logout_everywhere 204 | DELETE /delete_user 204
  GET /export_user 200 | GET /get_turn_credentials 200 | GET /get_call_history 200 | GET /get_presence 200
  GET /get_settings 200 | PUT /put_settings 200 |
  PUT /block_number 204 | DELETE /unblock_number 204 | GET /get_blocked 200 | GET /health/live 200
  GET /health/ready 200 | GET /.well-known/jwks.json 200`
  .split(/[|\n]/)
  .map(line => line.trim().split(' '))
  .filter(parts => parts.length === 3) as [string, string, string][]

const operations = () => Object.values(document.paths).flatMap(path => Object.values(path))

describe('the document', () => {
  test('is OpenAPI 3.1', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({ title: 'Switchboard', version: '1' })
    expect(Object.keys(document.components.schemas)).toEqual(['Problem'])
    expect(Object.keys(document.components.securitySchemes)).toEqual(['token', 'reset_token'])
  })

  test.each(routes)('has %s %s with %s', (method, path, status) => {
    const operation = document.paths[path]?.[method.toLowerCase()]
    expect(operation?.summary).toEqual(expect.any(String))
    expect(operation?.operationId).toMatch(/^[a-z_]+$/)
    expect(Object.keys(operation?.responses ?? {})).toEqual(
      expect.arrayContaining([status, '400', '500', '503']),
    )
    const succeeded = Object.keys(operation?.responses ?? {}).filter(code => code.startsWith('2'))
    expect(succeeded).toEqual([status])
  })

  test('has no route that the contract does not know', () => {
    const known = new Set(routes.map(([method, path]) => `${method} ${path}`))
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
    )
    expect(described.filter(each => !known.has(each))).toEqual([])
    expect(new Set(operations().map(({ operationId }) => operationId)).size).toBe(described.length)
  })

  test('every refusal is a problem, and every code of a status is named', () => {
    for (const { responses } of operations()) {
      for (const [status, response] of Object.entries(responses)) {
        expect(response.description).not.toBe('Default Response')
        if (status < '400') continue
        expect(response.content).toEqual({
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        })
        expect(response.description).toMatch(/^`[a-z_]+`: /)
      }
    }
    expect(document.paths['/add_contact']?.post?.responses['400']?.description).toMatch(
      /cannot_add_self.*invalid_request/,
    )
  })

  test('says who may ask', () => {
    const security = (path: string, method: string) => document.paths[path]?.[method]?.security
    expect(security('/login', 'post')).toEqual([{}])
    expect(security('/get_user', 'get')).toEqual([{ token: [] }])
    expect(security('/put_password', 'put')).toEqual([{ reset_token: [] }])
  })

  test('shows the examples of the seed', () => {
    const { properties } =
      document.paths['/create_user']?.post?.requestBody?.content['application/json']?.schema ?? {}
    const examples = Object.entries(properties ?? {}).map(([name, { examples }]) => [name, examples[0]])
    expect(Object.fromEntries(examples)).toEqual({
      firstname: 'First',
      lastname: 'Last',
      phone_number: '1234567890',
      email: 'somenice@domain.yup',
      password: 'SuperSecure',
    })
  })

  test('every reference leads somewhere', () => {
    const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? []
    expect(new Set(references)).toEqual(new Set(['"$ref":"#/components/schemas/Problem"']))
  })
})

describe('the page', () => {
  test('asks for nothing from elsewhere', async () => {
    const page = await world.app.inject('/docs')
    expect(page.statusCode).toBe(200)
    const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '')
    expect(links.length).toBeGreaterThan(4)
    for (const link of links) {
      expect(link).toMatch(/^\/docs\//)
      expect((await world.app.inject(link)).statusCode).toBe(200)
    }
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self';/)
    expect(page.headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/)
    expect(page.body).not.toMatch(/<script(?! src=)/)
    const start = await world.app.inject('/docs/static/swagger-initializer.js')
    expect(start.body).toContain('validatorUrl: null')
    expect((await world.app.inject('/docs/json')).json()).toEqual(document)
  })
})
