import type { Problem } from '@switchboard/protocol'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Refusal } from '../refusal.js'

type Faults = NonNullable<Problem['errors']>

/** Enough to mend a body; a hostile one does not get a longer answer than an honest one. */
const faultsAtMost = 16

/** JSON pointer to a member (RFC 6901), cut where a client made up a long name. */
export const pointer = (...names: readonly string[]) =>
  names.map(name => `/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Nothing is converted or dropped but the numbers of a query string, which has no other way to write them. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema)
  const isQuery = httpPart === 'querystring'
  return (sent: unknown) => {
    const value = isQuery ? withNumbers(schema, sent) : sent
    if (validator.Check(value)) return { value }
    const faults = validator.Errors(value).flatMap(faultsOf)
    return { error: new Refusal('invalid_request', undefined, { faults: faults.slice(0, faultsAtMost) }) }
  }
}

function withNumbers(schema: TSchema, query: unknown): unknown {
  const { properties } = schema as { properties?: Record<string, { type?: string }> }
  const entries = Object.entries(query as Record<string, unknown>).map(([name, value]) => {
    const isNumber =
      properties?.[name]?.type === 'integer' && typeof value === 'string' && /^\d{1,9}$/.test(value)
    return [name, isNumber ? Number(value) : value] as const
  })
  return Object.fromEntries(entries)
}

interface ValidationError {
  readonly keyword: string
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

/** What is wrong and where, never what was sent. */
function faultsOf({ keyword, instancePath, message, params }: ValidationError): Faults {
  const named = (key: string) => ((params as Record<string, unknown>)[key] ?? []) as readonly string[]
  switch (keyword) {
    case 'required':
      return named('requiredProperties').map(name => ({
        path: instancePath + pointer(name),
        message: 'is required',
      }))
    case 'additionalProperties':
      return named('additionalProperties').map(name => ({
        path: instancePath + pointer(name),
        message: 'is not known here',
      }))
    case 'boolean':
      return [] // an unknown member again, seen from inside
    case 'pattern':
      return [{ path: instancePath, message: 'has characters that it must not have' }]
    default:
      return [{ path: instancePath, message }]
  }
}
