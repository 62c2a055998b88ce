// The parser of AsyncAPI on /asyncapi.json: a valid document, no error and no warning.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ask, judge, run, say, stopFor, withProduct } from './stage.mjs'

const parser = '@asyncapi/parser@3.6.3'

/** Ways to write a document better that are not wrong; the parser's own severities: 0 error, 1 warning. */
const check = `
import { readFile } from 'node:fs/promises'
import { Parser } from '@asyncapi/parser'
const { document, diagnostics } = await new Parser().parse(await readFile('asyncapi.json', 'utf8'))
const found = diagnostics.map(({ severity, code, message, path }) => ({ severity, code, message, path: path.join('.') }))
const messages = document?.allMessages().all().length ?? 0
process.stdout.write(JSON.stringify({ valid: document !== undefined, messages, found }))
`

let missing
await withProduct({}, async ({ product, dir }) => {
  const { body } = await ask(product.api, 'GET', '/asyncapi.json')
  await writeFile(join(dir, 'asyncapi.json'), JSON.stringify(body))
  await writeFile(join(dir, 'package.json'), '{"private":true}')
  await writeFile(join(dir, 'check.mjs'), check)
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', parser]
  const installed = await run('npm', install, { cwd: dir, withinMs: 300_000 })
  if (installed.code !== 0) {
    say(installed.output.slice(-1_000))
    missing = 'npm could not install it; is the registry within reach?'
    return
  }
  const { code, output } = await run(process.execPath, ['check.mjs'], { cwd: dir, withinMs: 60_000 })
  if (code !== 0) say(output)
  const { valid, messages, found } =
    code === 0 ? JSON.parse(output) : { valid: false, messages: 0, found: [] }
  const wrong = found.filter(({ severity }) => severity <= 1)
  for (const each of wrong) say(`      ${each.code} at ${each.path}: ${each.message}`)
  judge(
    'AsyncAPI parser',
    valid && messages > 0 && wrong.length === 0,
    `${messages} messages, ${wrong.length} faults, ${found.length} hints`,
  )
})
if (missing) stopFor(parser, missing)
