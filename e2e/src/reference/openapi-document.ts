import type { Schema } from './schema-table.js'

/** What of OpenAPI the reference and the collection are made from. */
export interface ApiOperation {
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly security: readonly Readonly<Record<string, unknown>>[]
  readonly parameters?: readonly {
    readonly name: string
    readonly required?: boolean
    readonly description?: string
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string
        readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
      }
    >
  >
}

export interface ApiDocument {
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** The operation that a request is one of. */
export function operationOf(document: ApiDocument, method: string, path: string): ApiOperation {
  const operation = document.paths[path.replace(/\?.*$/, '')]?.[method.toLowerCase()]
  if (!operation) throw new Error(`${method} ${path} is in no document`)
  return operation
}

export const bodySchema = ({ requestBody }: ApiOperation) => requestBody?.content['application/json']?.schema

export const answerSchema = ({ responses }: ApiOperation, status: number) =>
  responses[status]?.content?.['application/json']?.schema
