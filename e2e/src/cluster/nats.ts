import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A NATS server of our own, as an operator would bring one. */
export interface Nats {
  readonly url: string
  readonly pid: number
  /** SIGKILL. */
  kill(): Promise<void>
  /** Again, on the same port. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Debian's nats-server on a free port. */
export async function startNats(settings: readonly string[] = []): Promise<Nats> {
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

  async function end() {
    const child = server
    server = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  await start()
  return {
    get url() {
      return `nats://127.0.0.1:${port}`
    },
    get pid() {
      return server?.pid ?? -1
    },
    kill: end,
    start,
    stop: () => end(),
  }
}
