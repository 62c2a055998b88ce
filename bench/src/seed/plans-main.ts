import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { startProduct } from '@switchboard/e2e/product'
import pg from 'pg'
import { embeddedIn } from '../systems/embedded.js'
import { seedCalls, seedTheRest } from './calls.js'
import { seedPeople } from './people.js'
import { keyFaults, planFaults } from './plans.js'
import { statements } from './statements.js'

const usage = `npm run bench:plans -- [--users 1000000]
Seeds a server of its own and plans every statement of its storage; DATABASE_URL names a seeded database instead.\n`

const { values } = parseArgs({
  options: { users: { type: 'string', default: '1000000' }, help: { type: 'boolean', default: false } },
})
const users = Number(values.users)
if (values.help || !(users >= 100)) {
  process.stdout.write(usage)
  process.exit(values.help ? 0 : 2)
}

async function seeded(): Promise<{ url: string; stop(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-plans-'))
  const product = await startProduct({ dir })
  const stop = async () => {
    await product.dispose()
    await rm(dir, { recursive: true, force: true, maxRetries: 10 })
  }
  const { url } = await embeddedIn(join(dir, 'data'))
  const client = new pg.Client(url)
  await client.connect()
  const tell = (what: string) => void process.stdout.write(`${what}\n`)
  await seedPeople(client, { users, contacts: 20, tell })
  await seedCalls(client, users)
  await seedTheRest(client, users)
  await client.end()
  return { url, stop }
}

const given = process.env.DATABASE_URL
const database = given === undefined ? await seeded() : { url: given, stop: async () => undefined }
const client = new pg.Client(database.url)
await client.connect()
try {
  const all = await statements()
  const faults = [...(await planFaults(client, all)), ...(await keyFaults(client))]
  for (const { statement, why } of faults) process.stderr.write(`✗ ${statement} ${why}\n`)
  if (all.size < 80) throw new Error(`only ${all.size} statements were found: the check itself is broken`)
  process.stdout.write(`plans: ${all.size} statements, ${faults.length} wrong\n`)
  process.exitCode = faults.length === 0 ? 0 : 1
} finally {
  await client.end()
  await database.stop()
}
