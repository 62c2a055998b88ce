import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '@switchboard/e2e/product'

/** The server's own search; the bench knows of it what it needs. */
interface Finder {
  page(asked: { words: readonly string[]; before: string | undefined; most: number }): Promise<{
    users: readonly { id: string }[]
    next: string | null
  }>
}

interface Storage {
  query(statement: { name: string; text: string }, values?: readonly unknown[]): Promise<{ pid: number }[]>
  close(): Promise<void>
}

export interface Taken {
  readonly pattern: string
  readonly page: number
  readonly users: number
  readonly more: boolean
  readonly ms: number
  /** Of that, for how long PostgreSQL or this process was ready to run and another one had the core. */
  readonly waitedMs: number
}

const most = 50

/** A connection of the server's own kind, and its search. */
export async function openFinder(connection: string) {
  const storage = join(root, 'packages', 'server', 'dist')
  const load = (file: string) => import(pathToFileURL(join(storage, file)).href)
  const { openDatabase } = await load('storage/pg-database.js')
  const { userFinder } = await load('storage/user-finder.js')
  const { createLogger } = await load('log.js')
  const database: Storage = openDatabase({ connection, log: createLogger('silent') })
  const finder: Finder = userFinder(database)
  const [{ pid = 0 } = {}] = await database.query({
    name: 'bench.pid',
    text: 'select pg_backend_pid() as pid',
  })

  /** Linux tells how long a process waited for a core; elsewhere it counts as not at all. The two take turns. */
  const waited = async () => {
    const stats = [pid, 'self'].map(one => readFile(`/proc/${one}/schedstat`, 'utf8').catch(() => '0 0'))
    const times = (await Promise.all(stats)).map(text => Number(text.split(' ')[1]) / 1e6)
    return times.reduce((sum, ms) => sum + ms, 0)
  }

  async function take(pattern: string, page: number, before: string | undefined) {
    const waitedBefore = await waited()
    const from = performance.now()
    const { users, next } = await finder.page({ words: pattern.split(/\s+/).slice(0, 6), before, most })
    const ms = performance.now() - from
    const taken: Taken = {
      ...{ pattern, page, ms, users: users.length, more: next !== null },
      waitedMs: (await waited()) - waitedBefore,
    }
    return { taken, users, next }
  }
  return { take, close: () => database.close() }
}
