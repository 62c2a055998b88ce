import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

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
  let port = -1
  let server: ChildProcess | undefined

  async function start() {
    const args = ['-a', '127.0.0.1', '-p', `${port}`, ...settings]
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
    port = Number(/client connections on [^ ]+:(\d+)/.exec(said)?.[1])
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
    stop: () => end('SIGKILL'),
  }
}
