import { once } from 'node:events'
import { createLogger } from '../../log.js'
import { statement } from '../database.js'
import { openStorage } from '../open.js'

// A server for tests to kill: told to, it opens the storage, says what it found, and acknowledges the rows it writes.
// node --import tsx --conditions=source testing-child.ts <data directory> [write]
const [dataDir = '', mode] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

const make = statement('child.make', 'create table if not exists rounds (n integer primary key)')
const found = statement<{ n: number }>('child.found', 'select coalesce(max(n), 0) as n from rounds')
const gaps = statement<{ n: number }>(
  'child.gaps',
  'select (coalesce(max(n), 0) - count(*))::int as n from rounds',
)
const write = statement('child.write', 'insert into rounds (n) values ($1)')

const toldToEnd = once(process.stdin, 'end')
await once(process.stdin, 'data')
try {
  const { database, close } = await openStorage({
    databaseUrl: undefined,
    dataDir,
    log: createLogger('silent'),
    exclusive: true,
    runMigrations: true,
  })
  await database.query(make)
  const [last] = await database.query(found)
  const [missing] = await database.query(gaps)
  say(`found ${last?.n} missing ${missing?.n}`)
  for (let n = (last?.n ?? 0) + 1; mode === 'write'; n++) {
    await database.query(write, [n])
    say(`wrote ${n}`)
  }
  await toldToEnd
  await close()
  say('closed')
} catch (error) {
  say(`refused ${(error as Error).message}`)
  process.stdin.destroy()
}
