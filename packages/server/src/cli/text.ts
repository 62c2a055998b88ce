/** Controls, lone surrogates, line ends and marks that turn the writing direction: they could rewrite a terminal. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu

/** What somebody else wrote, fit for a terminal. */
export const printable = (text: string): string =>
  text.replace(unprintable, found => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)

/** An error and what caused it, on one line. */
export function explain(error: unknown): string {
  const messages: string[] = []
  for (let next = error; next instanceof Error && messages.length < 4; next = next.cause) {
    const message = messageOf(next)
    if (!messages.some(earlier => earlier.includes(message))) messages.push(message)
  }
  return printable((messages.join(': ') || String(error)).replace(/\s*[\r\n]+\s*/g, ' '))
}

/** Node tells of a name with several addresses by an error without a message. */
function messageOf(error: Error): string {
  if (error.message !== '') return error.message
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return messageOf(error.errors[0])
  return 'code' in error ? String(error.code) : error.name
}

/** Columns as wide as they need to be; the last one is not padded. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  }
  return rows.map(row =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** Bytes, in the unit that fits. */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1)
  return `${Math.round(bytes / 1024 ** power)} ${units[power]}`
}
