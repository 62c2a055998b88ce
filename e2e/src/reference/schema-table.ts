/** The part of JSON Schema that the product's own schemas use. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
  readonly format?: string
}

const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``

/** A Markdown table; what would break a cell is escaped, and a column of nothing is left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = (cells: readonly string[]) => cells.filter((_, at) => rows.some(row => row[at] !== ''))
  return [head, head.map(() => '---'), ...rows]
    .map(kept)
    .map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`)
    .join('\n')
}

/** What a value is, in a few words. */
function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return code(schema.const)
  if (schema.enum) return schema.enum.map(code).join(', ')
  if (schema.anyOf)
    return [...new Set(schema.anyOf.map(typeOf))].join(schema.anyOf.every(isConst) ? ', ' : ' or ')
  if (schema.type === 'array') return `array of ${schema.items ? typeOf(schema.items) : 'anything'}`
  if (schema.type === 'object' && schema.properties && Object.keys(schema.properties).length > 0)
    return `object {${Object.keys(schema.properties)
      .map(name => `\`${name}\``)
      .join(', ')}}`
  return typeof schema.type === 'string' ? schema.type : (schema.type ?? ['anything']).join(' or ')
}

const isConst = (schema: Schema) => schema.const !== undefined

/** The bounds that the schema tells. */
function boundsOf({ minLength, maxLength, minimum, maximum, maxItems, format }: Schema): string {
  const between = (least: number | undefined, most: number | undefined, of: string) => {
    const high = most === Number.MAX_SAFE_INTEGER ? undefined : most
    if (least !== undefined && high !== undefined) return `${least} to ${high}${of}`
    if (high !== undefined) return `at most ${high}${of}`
    return least === undefined ? '' : `from ${least}${of}`
  }
  const named = format === 'date-time' ? 'RFC 3339, UTC' : ''
  const length = format === 'date-time' ? '' : between(minLength, maxLength, ' characters')
  return [named, length, between(minimum, maximum, ''), between(undefined, maxItems, ' items')]
    .filter(text => text !== '')
    .join(', ')
}

/** A row a member; `more` has bounds that no schema tells. */
export function membersTable(
  schema: Schema,
  more: Readonly<Record<string, string>> = {},
  always = true,
): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const needed = schema.required?.includes(name) ? 'yes' : 'no'
    return [
      `\`${name}\``,
      typeOf(member),
      ...(always ? [needed] : []),
      more[name] ?? boundsOf(member),
      member.description ?? '',
    ]
  })
  return table(['Member', 'Type', ...(always ? ['Required'] : []), 'Limits', 'Meaning'], rows)
}

export const json = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``
