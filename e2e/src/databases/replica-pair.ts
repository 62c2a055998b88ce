import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { freeze, signal, until } from '../faults/processes.js'
import { binaries, freePort, nobody } from '../postgres.js'

const run = promisify(execFile)

/** A primary and its synchronous standby, which change places when the primary is lost. TLS alone is let in. */
export interface ReplicaPair {
  /** Names both, as `DATABASE_URL` does. */
  readonly url: string
  /** One of the two is killed or stands still, and the standby is promoted. */
  failOver(how: 'killed' | 'frozen'): Promise<void>
  /** The lost one is made anew from the new primary; resolves when commits wait for it again. */
  rejoin(): Promise<void>
  query(text: string): Promise<Record<string, unknown>[]>
  stop(): Promise<void>
}

interface Member {
  readonly name: string
  readonly port: number
  readonly data: string
  server?: ChildProcess
}

export async function startReplicaPair(database: string): Promise<ReplicaPair> {
  const bin = binaries()
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-pair-'))
  await chmod(dir, 0o755) // the product reads the certificate in it
  if (nobody.uid) await chown(dir, nobody.uid, nobody.gid)
  const certificate = join(dir, 'server.crt')
  const options = { ...nobody, cwd: dir, env: { PATH: process.env.PATH, LC_ALL: 'C' } }
  const tool = (name: string, args: readonly string[]) => run(join(bin, name), args, options)
  const member = async (name: string): Promise<Member> => ({
    name,
    port: await freePort(),
    data: join(dir, name),
  })
  let [primary, standby] = [await member('a'), await member('b')]

  async function ask(of: Member, text: string, name = 'postgres'): Promise<Record<string, unknown>[]> {
    const ssl = { ca: await readFile(certificate, 'utf8') }
    const client = new pg.Client({ host: 'localhost', port: of.port, user: 'postgres', database: name, ssl })
    client.on('error', () => {})
    try {
      await client.connect()
      return (await client.query<Record<string, unknown>>(text)).rows
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  async function launch(of: Member): Promise<void> {
    const settings = [
      'listen_addresses=localhost',
      `port=${of.port}`,
      'unix_socket_directories=',
      'fsync=off', // a killed process loses nothing that it wrote; a machine without power would
      'ssl=on',
      'wal_keep_size=64MB',
    ]
    const flags = ['-D', of.data, ...settings.flatMap(each => ['-c', each])]
    const server = spawn(join(bin, 'postgres'), flags, { ...options, stdio: 'ignore' })
    of.server = server
    const answers = () => {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ${of.name} ended with ${server.exitCode}`)
      return ask(of, 'select 1').then(
        () => true,
        () => false,
      )
    }
    await until(`PostgreSQL ${of.name}`, answers, 20_000, 50)
  }

  async function copyOfPrimary(): Promise<void> {
    await rm(standby.data, { recursive: true, force: true })
    const from = `host=localhost port=${primary.port} user=postgres application_name=${standby.name} sslmode=require`
    await tool('pg_basebackup', [
      '-D',
      standby.data,
      '-d',
      from,
      '-R',
      '-X',
      'stream',
      '-c',
      'fast',
      '--no-sync',
    ])
    await launch(standby)
    await ask(primary, `alter system set synchronous_standby_names = '${standby.name}'`)
    await ask(primary, 'select pg_reload_conf()')
    const isSync = async () =>
      (await ask(primary, "select 1 from pg_stat_replication where sync_state = 'sync'")).length === 1
    await until('a synchronous standby', isSync, 20_000)
  }

  async function end(of: Member): Promise<void> {
    const { server } = of
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }

  async function stop(): Promise<void> {
    await Promise.all([end(primary), end(standby)])
    await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }

  try {
    await tool('initdb', ['-D', primary.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'])
    await writeFile(join(primary.data, 'pg_hba.conf'), 'hostssl all,replication all localhost trust\n')
    const [key, cert] = [join(primary.data, 'server.key'), join(primary.data, 'server.crt')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    const kind = [
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ]
    await run('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', cert], options)
    await chmod(key, 0o600)
    await copyFile(cert, certificate)
    await launch(primary)
    await ask(primary, `create database ${database}`)
    await copyOfPrimary()
  } catch (error) {
    await stop()
    throw error
  }

  return {
    url:
      `postgresql://postgres@localhost:${primary.port},localhost:${standby.port}/${database}` +
      `?target_session_attrs=read-write&sslmode=verify-full&sslrootcert=${certificate}`,
    async failOver(how) {
      const lost = primary
      const pid = lost.server?.pid ?? -1
      const thaw = how === 'frozen' ? await freeze(pid) : undefined
      if (how === 'killed') signal(pid, 'SIGKILL')
      await ask(standby, 'select pg_promote()')
      ;[primary, standby] = [standby, lost]
      // Whoever promotes a standby sees to it that the old primary is gone for good.
      lost.server?.once('exit', () => thaw?.())
    },
    async rejoin() {
      await end(standby)
      await copyOfPrimary()
    },
    query: text => ask(primary, text, database),
    stop,
  }
}
