import { format, withSpread } from '../scenarios/costs-table.js'
import type { Result, Table, Verdict } from '../scenarios/scenario.js'

export function markdownTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, n) => (n === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

export const isMet = ({ measured, most }: Verdict) => measured.median <= most

/** Targets beside what was reached, the misses said as such. */
export const verdictTable = (verdicts: readonly Verdict[]): Table => ({
  head: ['Case', 'against', 'target, at most', 'measured', ''],
  rows: verdicts.map(verdict => [
    verdict.what,
    verdict.against,
    `${format(verdict.most)} ${verdict.unit}`,
    `${withSpread(verdict.measured)} ${verdict.unit}`,
    isMet(verdict) ? 'met' : `**missed**, ${format(verdict.measured.median / verdict.most)} times the target`,
  ]),
})

/** One scenario as Markdown. */
export function section({ name, title, table, notes }: Result): string {
  return [`### ${name}: ${title}`, markdownTable(table), ...notes].join('\n\n')
}

/** The same for a terminal. */
export function plain(result: Result): string {
  const columns = (table: Table) => {
    const lines = [table.head, ...table.rows]
    const widths = table.head.map((_, n) => Math.max(...lines.map(cells => cells[n]?.length ?? 0)))
    return lines
      .map(cells =>
        cells
          .map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0)))
          .join('  '),
      )
      .join('\n')
  }
  const parts = [`${result.name}: ${result.title}`, columns(result.table), ...result.notes]
  if (result.verdicts.length > 0) parts.push(columns(verdictTable(result.verdicts)))
  return `${parts.join('\n')}\n`
}
