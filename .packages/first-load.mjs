// Holds what the pages have to load before they can be used: node .packages/first-load.mjs
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { gzipSync } from 'node:zlib'

const root = join(import.meta.dirname, '..')
/** Gzipped, as it is sent; a second on a slow telephone network. */
const mostBytes = 150_000
const pages = { phone: 'site', panel: 'panel-site' }

const faults = []
const place = mkdtempSync(join(tmpdir(), 'switchboard-pages-'))

/** The bytes of a page with all that it names. */
function weigh(name, site) {
  const page = readFileSync(join(site, 'index.html'), 'utf8')
  const links = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link]) => link)
  const ours = [...new Set(links.map(link => link.split('?')[0].slice(1)))]
  for (const link of links)
    if (!/^\/[\w.-]+(\?v=[\w-]+)?$/.test(link)) faults.push(`${name}: ${link} is from elsewhere`)
  if (/<style|<script(?![^>]* src=)| style=| on\w+=/i.test(page))
    faults.push(`${name}: the page has something inline`)
  let bytes = 0
  for (const each of ['index.html', ...ours]) {
    const file = readFileSync(join(site, each))
    const dense = /\.(png|woff2)$/.test(each)
    bytes += dense ? file.length : gzipSync(file, { level: 9 }).length
    const [outside] =
      /\burl\(["']?(?:https?:|\/\/)[^)]*\)/.exec(each.endsWith('.css') ? file.toString() : '') ?? []
    if (outside) faults.push(`${name}: ${each} loads ${outside}`)
  }
  if (!ours.includes('app.js') || !ours.includes('app.css'))
    faults.push(`${name}: the page names no script or no styles`)
  if (/typebox/i.test(readFileSync(join(site, 'app.js'), 'utf8')))
    faults.push(`${name}: the schemas are in the script`)
  if (bytes > mostBytes) faults.push(`${name}: ${bytes} bytes, ${mostBytes} at most`)
  if (bytes < 20_000) faults.push(`${name}: ${bytes} bytes: the check itself is broken`)
  return bytes
}

try {
  execFileSync(process.execPath, [join(root, 'packages', 'web', 'build.mjs'), place])
  const weights = Object.entries(pages).map(([name, site]) => `${name} ${weigh(name, join(place, site))}`)
  process.stdout.write(`bytes gzipped at first load, of ${mostBytes}: ${weights.join(', ')}\n`)
} finally {
  rmSync(place, { recursive: true, force: true })
}

for (const fault of faults) process.stderr.write(`✗ ${fault}\n`)
process.exitCode = faults.length === 0 ? 0 : 1
