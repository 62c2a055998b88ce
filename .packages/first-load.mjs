// Holds what a page of the phone has to load before it can ring: node .packages/first-load.mjs
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { gzipSync } from 'node:zlib'

const root = join(import.meta.dirname, '..')
/** Gzipped, as it is sent; a second on a slow telephone network. */
const mostBytes = 150_000

const faults = []
const place = mkdtempSync(join(tmpdir(), 'switchboard-phone-'))
let bytes = 0
try {
  const site = join(place, 'site')
  execFileSync(process.execPath, [join(root, 'packages', 'web', 'build.mjs'), site])
  const page = readFileSync(join(site, 'index.html'), 'utf8')
  const links = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link]) => link)
  const ours = [...new Set(links.map(link => link.split('?')[0].slice(1)))]
  for (const link of links)
    if (!/^\/[\w.-]+(\?v=[\w-]+)?$/.test(link)) faults.push(`${link} is from elsewhere`)
  if (/<style|<script(?![^>]* src=)| style=| on\w+=/i.test(page)) faults.push('the page has something inline')
  for (const name of ['index.html', ...ours]) {
    const file = readFileSync(join(site, name))
    const dense = /\.(png|woff2)$/.test(name)
    bytes += dense ? file.length : gzipSync(file, { level: 9 }).length
    const [outside] =
      /\burl\(["']?(?:https?:|\/\/)[^)]*\)/.exec(name.endsWith('.css') ? file.toString() : '') ?? []
    if (outside) faults.push(`${name} loads ${outside}`)
  }
  if (!ours.includes('app.js') || !ours.includes('app.css'))
    faults.push('the page names no script or no styles')
  if (/typebox/i.test(readFileSync(join(site, 'app.js'), 'utf8')))
    faults.push('the schemas are in the script')
} finally {
  rmSync(place, { recursive: true, force: true })
}
if (bytes > mostBytes) faults.push(`${bytes} bytes, ${mostBytes} at most`)
if (bytes < 20_000) faults.push(`${bytes} bytes: the check itself is broken`)

for (const fault of faults) process.stderr.write(`✗ ${fault}\n`)
process.stdout.write(`phone: ${bytes} bytes gzipped at first load of ${mostBytes}, ${faults.length} wrong\n`)
process.exitCode = faults.length === 0 ? 0 : 1
