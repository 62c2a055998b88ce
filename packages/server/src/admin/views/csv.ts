/**
 * A field of a CSV file (RFC 4180). What a spreadsheet would take for a formula is preceded by an apostrophe, as OWASP
 * advises: numbers begin with a plus, and names are anybody's.
 */
export function csvField(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value)
  const tame = /^\s*[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]/.test(text) ? `'${text}` : text
  return `"${tame.replaceAll('"', '""')}"`
}

export const csvLine = (values: readonly (string | number | boolean | null)[]) =>
  `${values.map(csvField).join(',')}\r\n`
