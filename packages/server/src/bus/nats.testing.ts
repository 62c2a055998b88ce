import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface NatsServer {
  readonly url: string
  readonly pid: number
  /** Kills it at once; `start` brings it back on the same port. */
  kill(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** Debian's nats-server on a free port. */
export async function startNats(settings: readonly string[] = []): Promise<NatsServer> {
  const directory = await mkdtemp(join(tmpdir(), 'switchboard-nats-'))
  let port = -1
  let server: ChildProcess | undefined

  async function start() {
    const args = ['-a', '127.0.0.1', '-p', `${port}`, '--ports_file_dir', directory, ...settings]
    const child = spawn('nats-server', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    server = child
    let said = ''
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', code => reject(new Error(`nats-server ended with ${code}: ${said}`)))
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('Server is ready')) resolve()
      })
    })
    if (port === -1) {
      const file = await readFile(join(directory, `nats-server_${child.pid}.ports`), 'utf8')
      const { nats } = JSON.parse(file) as { nats: string[] }
      port = Number(new URL(nats[0] as string).port)
    }
  }

  async function end(signal: NodeJS.Signals) {
    const child = server
    server = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  await start()
  return {
    get url() {
      return `nats://127.0.0.1:${port}`
    },
    get pid() {
      return server?.pid ?? 0
    },
    kill: () => end('SIGKILL'),
    start,
    async stop() {
      await end('SIGKILL')
      await rm(directory, { recursive: true, force: true })
    },
  }
}
