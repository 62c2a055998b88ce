import { styleText } from 'node:util'
import type { Reading } from '../../config/read-settings.js'
import { columns, printable } from '../text.js'
import type { Terminal } from '../world.js'
import type { Finding, Status } from './check.js'

type Colour = Parameters<typeof styleText>[0]

const marks: Record<Status, { sign: string; word: string; colour: Colour }> = {
  ok: { sign: '✓', word: 'ok  ', colour: 'green' },
  warning: { sign: '!', word: 'warn', colour: 'yellow' },
  failure: { sign: '✗', word: 'FAIL', colour: 'red' },
}

const paint = ({ colour }: Terminal, style: Colour, text: string) =>
  colour ? styleText(style, text, { validateStream: false }) : text

/** The findings of one check; its name stands before the first. */
export function printFindings(terminal: Terminal, name: string, findings: readonly Finding[]): void {
  for (const [index, { status, detail, advice }] of findings.entries()) {
    const { sign, word, colour } = marks[status]
    const mark = paint(terminal, colour, terminal.isTerminal ? sign : word)
    const title = paint(terminal, 'bold', (index === 0 || !terminal.isTerminal ? name : '').padEnd(14))
    terminal.out(`${mark} ${title} ${printable(detail)}`)
    if (advice === undefined) continue
    const arrow = terminal.isTerminal ? '→' : '->'
    terminal.out(
      paint(terminal, 'dim', `${' '.repeat(terminal.isTerminal ? 17 : 20)}${arrow} `) + printable(advice),
    )
  }
}

export function printSummary(terminal: Terminal, findings: readonly Finding[]): void {
  const count = (status: Status) => findings.filter(finding => finding.status === status).length
  const say = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`
  const failures = count('failure')
  const warnings = say(count('warning'), 'warning')
  const [colour, text]: [Colour, string] =
    failures > 0
      ? ['red', `${say(failures, 'failure')}, ${warnings}.`]
      : ['green', count('warning') > 0 ? `It works; ${warnings}.` : 'All is well.']
  terminal.out('')
  terminal.out(paint(terminal, colour, text))
}

/** A value as one would write it, but for secrets. */
export function shownValue({ setting, source, written, value }: Reading): string {
  if (setting.secret) return value === undefined ? '' : '(set)'
  return source === 'default' ? (setting.fallback ?? '') : (written ?? '')
}

export function printSettings(terminal: Terminal, readings: readonly Reading[]): void {
  const rows = readings.map(reading => [
    reading.name,
    printable(shownValue(reading)),
    printable(reading.source),
    reading.setting.about,
  ])
  terminal.out('')
  const [head = '', ...lines] = columns([['SETTING', 'VALUE', 'SOURCE', 'ABOUT'], ...rows])
  terminal.out(paint(terminal, 'bold', head))
  for (const line of lines) terminal.out(line)
}
