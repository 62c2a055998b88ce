import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { startProduct } from '@switchboard/e2e/product'
import pg from 'pg'
import { embeddedIn } from '../systems/embedded.js'
import { seedCrowd } from './crowd.js'
import { openFinder, type Taken } from './measure.js'
import { patterns } from './patterns.js'
import { describe, faultsIn } from './results.js'

const usage = `npm run bench:search -- [--users 1000000] [--rounds 5]
Seeds a server of its own and looks for users in it as the panel does; fails where that takes longer than 200 ms.\n`

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
})
const [users, rounds] = [Number(values.users), Number(values.rounds)]
if (values.help || !(users >= 1_000) || !(rounds >= 1)) {
  process.stdout.write(usage)
  process.exit(values.help ? 0 : 2)
}

const dir = await mkdtemp(join(tmpdir(), 'switchboard-search-'))
const product = await startProduct({ dir })
const asked = Object.values(patterns).flat()

/** Every pattern's first page, and its second where there is one. */
async function round(): Promise<Taken[]> {
  const { url } = await embeddedIn(join(dir, 'data'))
  const { take, close } = await openFinder(url)
  const all: Taken[] = []
  try {
    for (const pattern of asked) {
      const first = await take(pattern, 1, undefined)
      all.push(first.taken)
      if (first.next !== null) all.push((await take(pattern, 2, first.next)).taken)
    }
  } finally {
    await close()
  }
  return all
}

try {
  const { url } = await embeddedIn(join(dir, 'data'))
  const client = new pg.Client(url)
  await client.connect()
  await seedCrowd(client, users)
  await client.end()
  const cold: Taken[] = []
  const warm: Taken[] = []
  for (let n = 0; n < rounds; n++) {
    // PostgreSQL begins with nothing in its memory; the machine still has the files in its own.
    await product.stop()
    await product.start()
    cold.push(...(await round()))
    warm.push(...(await round()))
  }
  const all = [...cold, ...warm]
  for (const line of [...describe(cold, 'cold'), ...describe(warm, 'warm')]) process.stdout.write(`${line}\n`)
  const faults = faultsIn(all)
  for (const fault of faults) process.stderr.write(`✗ ${fault}\n`)
  process.stdout.write(
    `search: ${asked.length} patterns, ${users} users, ${all.length} pages, ${faults.length} wrong\n`,
  )
  process.exitCode = faults.length === 0 ? 0 : 1
} finally {
  await product.dispose()
  await rm(dir, { recursive: true, force: true, maxRetries: 10 })
}
