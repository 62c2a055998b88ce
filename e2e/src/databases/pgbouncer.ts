import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { until } from '../faults/processes.js'
import { FaultFailed } from '../faults/scenario.js'
import { freePort, nobody } from '../postgres.js'
import { pgBouncer } from './services.js'

/** A PgBouncer in transaction mode. */
export interface PgBouncer {
  /** A database, through it. */
  url(database: string): string
  /** Rows of a command of its console, like `show pools`. */
  show(what: string): Promise<Record<string, unknown>[]>
  stop(): Promise<void>
}

export interface Behind {
  /** Any URL of the server that it stands before. */
  readonly server: string
  readonly user: string
  readonly password: string
  /** Fewer than the clients want: who comes next gets another session than before. */
  readonly connections: number
}

export async function startPgBouncer({ server, user, password, connections }: Behind): Promise<PgBouncer> {
  const program = pgBouncer()
  if (!program) throw new FaultFailed("needs Debian's pgbouncer")
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-pgbouncer-'))
  await chmod(dir, 0o700)
  const port = await freePort()
  const { hostname, port: serverPort } = new URL(server)
  const file = join(dir, 'pgbouncer.ini')
  const users = join(dir, 'userlist.txt')
  await writeFile(users, `"${user}" "${password}"\n`)
  // As docs/databases.md has it, but for addresses and names.
  const settings = [
    '[databases]',
    `* = host=${hostname} port=${serverPort}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'pool_mode = transaction',
    'auth_type = scram-sha-256',
    `auth_file = ${users}`,
    `admin_users = ${user}`,
    'max_client_conn = 1000',
    `default_pool_size = ${connections}`,
  ]
  await writeFile(file, settings.join('\n'))
  if (nobody.uid) for (const each of [dir, file, users]) await chown(each, nobody.uid, nobody.gid)
  const options = { ...nobody, cwd: dir, stdio: 'ignore' } as const
  const bouncer = spawn(program, ['-q', file], options)
  const url = (database: string) =>
    `postgresql://${user}:${password}@127.0.0.1:${port}/${database}?pgbouncer=true`
  const show = async (what: string) => {
    const client = new pg.Client({ connectionString: url('pgbouncer') })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(`show ${what}`)).rows
    } finally {
      await client.end()
    }
  }
  const stop = async () => {
    const exited = bouncer.exitCode ?? bouncer.signalCode ?? once(bouncer, 'exit')
    bouncer.kill('SIGINT')
    await exited
    await rm(dir, { recursive: true, force: true })
  }
  const answers = () => {
    if (bouncer.exitCode !== null) throw new FaultFailed(`PgBouncer ended with ${bouncer.exitCode}`)
    return show('version').then(
      () => true,
      () => false,
    )
  }
  try {
    await until('PgBouncer', answers, 20_000)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, show, stop }
}
