import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { refuseFaults } from '../http/faults.js'

/** Nothing is converted or dropped but the numbers of a query string, which has no other way to write them. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema)
  const isQuery = httpPart === 'querystring'
  return (sent: unknown) => {
    const value = isQuery ? withNumbers(schema, sent) : sent
    return validator.Check(value) ? { value } : { error: refuseFaults(validator, value) }
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
