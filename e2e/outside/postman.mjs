// The committed Postman collection by newman, on a server with default settings and an empty database: every test passes.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openMailbox } from '../dist/mailbox.js'
import { root } from '../dist/product.js'
import { afterMail, beforeMail, mailed } from '../dist/reference/tour.js'
import { judge, run, say, stopFor, withProduct } from './stage.mjs'

const newman = 'newman@6.2.2'
const collection = join(root, 'docs', 'reference', 'switchboard.postman_collection.json')

let missing
const mailbox = await openMailbox()
try {
  await withProduct(
    { SMTP_URL: mailbox.url, MAIL_FROM: 'switchboard@example.org' },
    async ({ product, dir }) => {
      await writeFile(join(dir, 'package.json'), '{"private":true}')
      const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', newman]
      const installed = await run('npm', install, { cwd: dir, withinMs: 300_000 })
      if (installed.code !== 0) {
        say(installed.output.slice(-1_000))
        missing = 'npm could not install it; is the registry within reach?'
        return
      }

      /** Runs folders of the collection; gives how many requests and tests there were, and what failed. */
      async function tour(folders, variables) {
        const report = join(dir, 'report.json')
        const args = ['--no-install', 'newman', 'run', collection, '--reporters', 'json']
        const named = folders.flatMap(({ name }) => ['--folder', name])
        const set = Object.entries(variables).flatMap(([name, value]) => ['--env-var', `${name}=${value}`])
        const options = ['--reporter-json-export', report, '--timeout-request', '15000']
        const { output } = await run('npx', [...args, ...named, ...set, ...options], {
          cwd: dir,
          withinMs: 120_000,
        })
        const text = await readFile(report, 'utf8').catch(() => undefined)
        if (text === undefined) throw new Error(`newman wrote no report:\n${output}`)
        const { stats, failures } = JSON.parse(text).run
        for (const { source, error } of failures)
          say(`      ${source?.name}: ${error.test ?? ''} ${error.message}`)
        const wanted = folders.reduce((sum, { steps }) => sum + steps.length, 0)
        const right =
          failures.length === 0 && stats.requests.total === wanted && stats.assertions.total >= 2 * wanted
        const figure = `${stats.requests.total} of ${wanted} requests, ${stats.assertions.total} tests, ${failures.length} failed`
        judge(`newman, ${folders.map(({ name }) => name.toLowerCase()).join(', ')}`, right, figure)
      }

      const variables = { base_url: product.api }
      await tour(beforeMail, variables)
      const codes = await Promise.all(
        Object.entries(mailed).map(async ([name, email]) => [name, await mailbox.code(email)]),
      )
      await tour(afterMail, { ...variables, ...Object.fromEntries(codes) })
    },
  )
} finally {
  await mailbox.close()
}
if (missing) stopFor(newman, missing)
