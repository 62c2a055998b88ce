import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { until } from '../faults/processes.js'
import { freePort } from '../postgres.js'
import { root } from '../product.js'

/** A real nginx with `deploy/nginx.conf`, before some nodes. */
export interface Nginx {
  readonly api: string
  readonly signal: string
  readonly port: number
  /** The authority that made its certificate. */
  readonly ca: string
  /** Lines of its access log. */
  requests(): Promise<readonly string[]>
  stop(): Promise<void>
}

/** Where the nodes are, as `host:port`. */
export interface Behind {
  readonly api: readonly string[]
  readonly signal: readonly string[]
}

const places = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx', '/usr/local/bin/nginx']

/** Where the program is; undefined where the machine has none. */
export const nginx = () => places.find(existsSync)

export async function startNginx({ api, signal }: Behind): Promise<Nginx> {
  const program = nginx()
  if (program === undefined) throw new Error("needs Debian's nginx-light")
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-nginx-'))
  const [port, signalPort] = [await freePort(), await freePort()]
  const ca = await certify(dir)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const text = adapt(await readFile(join(root, 'deploy', 'nginx.conf'), 'utf8'), [
    ['user www-data;', process.getuid?.() === 0 ? 'user root;' : ''],
    ['worker_processes auto;', 'worker_processes 2;'],
    ['/run/nginx.pid', join(dir, 'nginx.pid')],
    ['/var/log/nginx/error.log', join(dir, 'error.log')],
    ['/var/log/nginx/access.log', join(dir, 'access.log')],
    ['http {', `http {\n${temporary.map(each => `${each}_temp_path ${join(dir, each)};`).join('\n')}`],
    [/server 127\.0\.0\.1:808\d (.*\n)\s*server 127\.0\.0\.1:808\d .*\n/, servers(api)],
    [/server 127\.0\.0\.1:400\d (.*\n)\s*server 127\.0\.0\.1:400\d .*\n/, servers(signal)],
    ['listen 443 ', `listen 127.0.0.1:${port} `],
    ['listen 4000 ', `listen 127.0.0.1:${signalPort} `],
    ['/etc/ssl/calls.pem', join(dir, 'calls.pem')],
    ['/etc/ssl/calls.key', join(dir, 'calls.key')],
  ])
  const file = join(dir, 'nginx.conf')
  await writeFile(file, text)
  const child = spawn(program, ['-e', 'stderr', '-p', dir, '-c', file, '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    said += more
  })
  const stop = async () => {
    await end(child)
    await rm(dir, { recursive: true, force: true })
  }
  try {
    const isUp = async () => {
      if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${said}`)
      return (await Promise.all([port, signalPort].map(each => answers(each, ca)))).every(Boolean)
    }
    await until('nginx', isUp, 10_000)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    api: `https://127.0.0.1:${port}`,
    signal: `wss://127.0.0.1:${signalPort}`,
    port,
    ca,
    requests: async () => (await readFile(join(dir, 'access.log'), 'utf8')).split('\n').filter(Boolean),
    stop,
  }
}

const servers = (nodes: readonly string[]) => (_: string, settings: string) =>
  nodes.map(node => `server ${node} ${settings}`).join('')

type Replacement = readonly [string | RegExp, string | ((found: string, settings: string) => string)]

/** The file as it is but for addresses and places; each of them must be there. */
function adapt(text: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((before, [from, to]) => {
    const after = before.replace(from, to as string)
    if (after === before) throw new Error(`deploy/nginx.conf has no ${String(from)}`)
    return after
  }, text)
}

async function certify(dir: string): Promise<string> {
  const [key, certificate] = [join(dir, 'calls.key'), join(dir, 'calls.pem')]
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    ...kind,
    '-keyout',
    key,
    '-out',
    certificate,
    ...names,
  ])
  return readFile(certificate, 'utf8')
}

const answers = (port: number, ca: string) =>
  new Promise<boolean>(resolve => {
    const socket = connect({ port, host: '127.0.0.1', ca }, () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM') // at once; SIGQUIT would wait for sockets
  await exited
}
