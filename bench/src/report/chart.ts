import { format } from '../scenarios/costs-table.js'
import type { Result } from '../scenarios/scenario.js'

const width = 760
const left = 200
const barHeight = 14
const groupGap = 34
const colours = ['#0969da', '#57606a', '#8c959f', '#bf8700', '#8250df']

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Bars of the server's CPU time an operation, a group a scenario, each group to a scale of its own. */
export function chart(results: readonly Result[]): string {
  const groups = results.filter(({ bars }) => bars.length > 1)
  const parts: string[] = []
  let y = 44
  for (const { name, bars } of groups) {
    parts.push(`<text x="12" y="${y}" class="name">${escapeXml(name)}</text>`)
    const most = Math.max(...bars.map(({ value }) => value))
    bars.forEach((bar, n) => {
      const long = ((width - left - 90) * bar.value) / most
      const top = y - 11 + n * (barHeight + 3)
      parts.push(
        `<text x="${left - 8}" y="${top + 11}" class="system">${escapeXml(bar.name)}</text>`,
        `<rect x="${left}" y="${top}" width="${long.toFixed(1)}" height="${barHeight}" rx="2" fill="${colours[n % colours.length]}"/>`,
        `<text x="${(left + long + 6).toFixed(1)}" y="${top + 11}" class="value">${format(bar.value)}</text>`,
      )
    })
    y += bars.length * (barHeight + 3) + groupGap - 11
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-label="Server CPU time an operation">`,
    '<style>text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-size:14px;font-weight:600}.name{font-weight:600}.system{text-anchor:end}</style>',
    `<rect width="${width}" height="${y}" fill="#fff"/>`,
    '<text x="12" y="20" class="title">Server CPU time an operation, µs: shorter is better</text>',
    ...parts,
    '</svg>\n',
  ].join('\n')
}
