import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Draws the demo's own output as the README's picture: `node e2e/dist/demo/picture.js` (after `npm run build`).
 * Text stays text, so it can be read aloud and searched, and follows the reader's light or dark theme.
 */
const demo = fileURLToPath(new URL('./main.js', import.meta.url))
const picture = fileURLToPath(new URL('../../../docs/img/demo.svg', import.meta.url))

const { stdout, status } = spawnSync(process.execPath, [demo], { encoding: 'utf8' })
if (status !== 0) throw new Error(`the demo failed with ${status}`)

const lines = stdout.trimEnd().split('\n')
const lineHeight = 19
const [width, height] = [860, 64 + lines.length * lineHeight]

const asXml = (text: string) =>
  text.replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c)

/** The parts of a line, each in its colour: time, who, what, detail. */
function drawLine(line: string): string {
  const step = line.match(/^(\s*[\d.]+ s {2})(\S+\s+)(.{25})(.*)$/)
  if (step) {
    const kinds = ['faint', 'who', 'what', 'detail']
    return step
      .slice(1)
      .map((part, i) => `<tspan class="${kinds[i]}">${asXml(part)}</tspan>`)
      .join('')
  }
  return `<tspan class="${line.startsWith('✓') ? 'good' : 'what'}">${asXml(line)}</tspan>`
}

const rows = lines
  .map((line, i) => `<text x="24" y="${58 + i * lineHeight}">${drawLine(line)}</text>`)
  .join('\n')

writeFileSync(
  picture,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="The output of npm run demo: two people register, call each other, exchange data and audio, and hang up">
<style>
svg { --back: #fbfaf7; --edge: #ddd8cc; --text: #23211c; --faint: #8a8371; --who: #1f6f8b; --good: #2e7d4f }
@media (prefers-color-scheme: dark) {
  svg { --back: #1b1d1f; --edge: #34383b; --text: #e8e6e1; --faint: #8d9296; --who: #7cc4dc; --good: #7fd1a0 }
}
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre; fill: var(--text) }
.faint { fill: var(--faint) } .who { fill: var(--who) } .detail { fill: var(--faint) } .good { fill: var(--good); font-weight: 600 }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="var(--back)" stroke="var(--edge)"/>
<g fill="var(--edge)"><circle cx="24" cy="22" r="5.5"/><circle cx="42" cy="22" r="5.5"/><circle cx="60" cy="22" r="5.5"/></g>
${rows}
</svg>
`,
)
