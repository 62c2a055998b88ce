// Spectral with its OWASP rules on /openapi.json: no error.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ask, judge, run, say, stopFor, withProduct } from './stage.mjs'

const packages = ['@stoplight/spectral-cli@6.16.3', '@stoplight/spectral-owasp-ruleset@2.0.1']

let missing
await withProduct({}, async ({ product, dir }) => {
  const { body } = await ask(product.api, 'GET', '/openapi.json')
  await writeFile(join(dir, 'openapi.json'), JSON.stringify(body))
  await writeFile(
    join(dir, '.spectral.json'),
    '{"extends":["spectral:oas","@stoplight/spectral-owasp-ruleset"]}',
  )
  await writeFile(join(dir, 'package.json'), '{"private":true}')
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages]
  const installed = await run('npm', install, { cwd: dir, withinMs: 300_000 })
  if (installed.code !== 0) {
    say(installed.output.slice(-1_000))
    missing = 'npm could not install it; is the registry within reach?'
    return
  }
  const lint = ['spectral', 'lint', 'openapi.json', '-r', '.spectral.json', '-f', 'json', '-o', 'found.json']
  const { output } = await run('npx', ['--no-install', ...lint], { cwd: dir, withinMs: 120_000 })
  const { default: found } = await import(join(dir, 'found.json'), { with: { type: 'json' } })
  const errors = found.filter(({ severity }) => severity === 0)
  for (const { code, path } of errors.slice(0, 20)) say(`      ${code} at ${path.join('.')}`)
  if (!Array.isArray(found)) say(output)
  judge('Spectral, OWASP rules', errors.length === 0, `${errors.length} errors, ${found.length} hints`)
})
if (missing) stopFor(packages[0], missing)
