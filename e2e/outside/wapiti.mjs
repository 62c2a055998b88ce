// wapiti on every route, with a token and without: it finds nothing.
// RATE_LIMITS=off: it sends thousands of requests from one address, and a 429 would hide what it looks for.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { faultsIn, judge, need, operations, person, run, say, withProduct } from './stage.mjs'

need('wapiti')
const scanSeconds = 300

/** What wapiti 3.0 says of headers and we do otherwise, with the reason. Anything else is a finding. */
const setAside = {
  'X-XSS-Protection is not set':
    'it is 0: the filter it asks for was itself a hole, OWASP says to turn it off',
  'Strict-Transport-Security is not set': 'plain HTTP must not carry it (RFC 6797 section 7.2); see tls.mjs',
}

await withProduct({ RATE_LIMITS: 'off' }, async ({ product, dir }) => {
  const { api } = product
  const routes = await operations(api)
  const queries = { limit: '5', cursor: 'x' }
  const urls = routes.map(({ path, parameters }) => {
    const query = parameters.map(name => `${name}=${queries[name] ?? '1'}`).join('&')
    return `${api}${path}?${query || 'probe=1'}`
  })
  for (const withToken of [true, false]) {
    const { token } = await person(api)
    const out = join(dir, `wapiti-${withToken}.json`)
    const args = [
      ...['-u', `${api}/docs`, '--scope', 'domain', ...urls.flatMap(url => ['-s', url])],
      ...['-m', 'all', '--max-scan-time', String(scanSeconds), '--max-attack-time', '60', '-d', '3'],
      ...['--flush-session', '--store-session', dir, '--no-bugreport', '-f', 'json', '-o', out, '-v', '0'],
      ...(withToken ? ['-H', `Authorization: ${token}`] : []),
    ]
    const { output } = await run('wapiti', args, { withinMs: (scanSeconds + 120) * 1000 })
    const report = await readFile(out, 'utf8').then(JSON.parse, () => undefined)
    if (!report) say(output.slice(-2_000))
    const found = Object.entries({ ...report?.vulnerabilities, ...report?.anomalies }).flatMap(
      ([kind, each]) =>
        each.map(({ method, path, info }) => ({
          text: `${kind}: ${method} ${path}: ${info}`,
          but: setAside[info],
        })),
    )
    const counted = found.filter(({ but }) => but === undefined)
    for (const { text, but } of found.slice(0, 40)) say(`      ${text}${but ? ` (set aside: ${but})` : ''}`)
    judge(
      `wapiti ${withToken ? 'with' : 'without'} a token`,
      report !== undefined && counted.length === 0,
      `${new Set(urls).size} routes and what it crawled, all modules, ${counted.length} findings, ${found.length - counted.length} set aside`,
    )
  }
  const faults = faultsIn(product).length
  judge('wapiti, the server', faults === 0, `${faults} answers of 5xx`)
})
