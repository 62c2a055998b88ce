// sqlmap on every parameter of every operation, with a token and without: it finds nothing.
// RATE_LIMITS=off: it sends thousands of requests from one address, and a 429 would hide what it looks for.
import { join } from 'node:path'
import { faultsIn, judge, need, operations, person, run, say, withProduct } from './stage.mjs'

need('sqlmap')
const [only] = process.argv.slice(2)
/** Level 2 tries every boundary and the cookies, risk 1 leaves out what overwrites data. */
const depth = [
  '--level',
  '2',
  '--risk',
  '1',
  '--technique',
  'BEUST',
  '--dbms',
  'PostgreSQL',
  '--time-sec',
  '3',
]
const eachMs = 120_000

await withProduct({ RATE_LIMITS: 'off' }, async ({ product, dir }) => {
  const { api } = product
  const found = []
  const cut = []
  let runs = 0
  const all = (await operations(api)).filter(({ path }) => !only || path.includes(only))
  const since = performance.now()
  for (const { method, path, parameters, body } of all) {
    for (const withToken of [true, false]) {
      runs += 1
      const { token } = await person(api) // some operations end the session or the account
      const query = parameters.map(name => `${name}=1`).join('&')
      const marked = query || body ? '' : '*' // nothing to inject into but the path
      const args = [
        ...['-u', `${api}${path}${query && `?${query}`}${marked}`, '--method', method, ...depth],
        ...['--batch', '--flush-session', '--disable-coloring', '--output-dir', join(dir, 'sqlmap')],
        ...['--ignore-code', '400,401,403,404,405,409,413,415', '--threads', '2'],
        ...(body ? ['--data', JSON.stringify(body)] : []),
        ...[
          '--headers',
          ['Content-Type: application/json', ...(withToken ? [`Authorization: ${token}*`] : [])].join('\n'),
        ],
      ]
      const { output, cutShort } = await run('sqlmap', args, { withinMs: eachMs })
      const name = `${method} ${path} ${withToken ? 'with' : 'without'} a token`
      if (cutShort) cut.push(name)
      if (/identified the following injection|is vulnerable|appears to be .* injectable/i.test(output))
        found.push(name)
      else if (!cutShort && !/do not appear to be injectable/.test(output))
        say(`      odd: ${name}: ${output.slice(-300)}`)
    }
  }
  for (const name of found) say(`      ${name}`)
  for (const name of cut) say(`      not finished within ${eachMs / 1000} s: ${name}`)
  const faults = faultsIn(product).length
  const minutes = ((performance.now() - since) / 60_000).toFixed(1)
  const figure = `${all.length} operations, ${runs} runs, ${minutes} min, ${found.length} findings, ${cut.length} cut short`
  judge('sqlmap', found.length === 0 && cut.length === 0, figure)
  judge('sqlmap, the server', faults === 0, `${faults} answers of 5xx`)
})
