import { BadValue } from './config-error.js'
import type { Parse } from './parse-values.js'

const token = /^[!#$%&'*+.^_`|~\w-]+$/

/** `key=value` by commas, values percent-encoded, as OpenTelemetry has it. */
export const headerFields: Parse<Readonly<Record<string, string>>> = written =>
  Object.fromEntries(
    written
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== '')
      .map(field),
  )

function field(written: string): [string, string] {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(written) ?? []
  const decoded = decode(value)
  if (token.test(name.trim()) && decoded !== undefined && /^[\x20-\x7e]*$/.test(decoded))
    return [name.trim().toLowerCase(), decoded]
  throw new BadValue('is not a list of key=value by commas, with values percent-encoded')
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value.trim())
  } catch {
    return undefined
  }
}
