import process from 'node:process'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { seedCalls, seedTheRest } from './calls.js'
import { seedPeople } from './people.js'

const usage = `DATABASE_URL=... npm run bench:seed -- [--users 1000000] [--contacts 20]
Fills an empty database that the server has migrated. Nobody in it can log in with a password.\n`

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    contacts: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
})
const url = process.env.DATABASE_URL
const [users, contacts] = [Number(values.users), Number(values.contacts)]
if (values.help || url === undefined || !(users >= 100) || !(contacts >= 1)) {
  process.stdout.write(usage)
  process.exit(values.help ? 0 : 2)
}

const since = performance.now()
const tell = (what: string) =>
  void process.stdout.write(`${what} after ${((performance.now() - since) / 1_000).toFixed(0)} s\n`)
const client = new pg.Client(url)
await client.connect()
try {
  const { rows } = await client.query<{ count: string }>('select count(*) from users')
  if (rows[0]?.count !== '0') throw new Error('there are users in this database already: it must be empty')
  await seedPeople(client, { users, contacts, tell })
  await seedCalls(client, users)
  tell(`${2 * users} calls`)
  await seedTheRest(client, users)
  tell('all')
} finally {
  await client.end()
}
