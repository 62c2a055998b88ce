import { execFile, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createTurnClient, type TurnClient } from './turn-client.js'

const shippedConfig = fileURLToPath(new URL('../../../../deploy/coturn.conf', import.meta.url))

/** A real coturn with the configuration that we ship. */
export interface Coturn {
  readonly port: number
  client(): TurnClient
  logs(): string
  /** Another secret beside those it has, while it runs: what an operator does with turnadmin. */
  addSecret(secret: string): Promise<void>
  stop(): Promise<void>
}

export interface CoturnOptions {
  readonly secrets: readonly string[]
  readonly options?: readonly string[]
}

const startWithinMs = 15_000
const answerWithinMs = 5_000
const realm = 'turn.example.org'

/** An address of this machine beside loopback, as the relay of a deployment has one. */
export function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap(each => each ?? [])
  const found = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)
  if (!found) throw new Error('this machine has no network: coturn needs an address that is not loopback')
  return found.address
}

async function turnadmin(database: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('turnadmin', [...args, '-r', realm, '-b', database])
  return stdout
}

/** turnadmin ends with 0 when the database was locked and nothing was written: only looking tells. */
async function addSecret(database: string, secret: string): Promise<void> {
  await turnadmin(database, '-s', secret)
  const known = await turnadmin(database, '-S')
  if (!known.includes(secret)) throw new Error('turnadmin has not added the secret')
}

export async function startCoturn({ secrets, options = [] }: CoturnOptions): Promise<Coturn> {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-coturn-'))
  const database = join(dir, 'turndb')
  const release = () => rm(dir, { recursive: true, force: true })
  // Makes the tables before the server starts, which else makes them while it already answers, and locks turnadmin out.
  await turnadmin(database, '-S')
  // coturn takes no port 0, and says of a taken one only that it gives up: another is tried.
  for (let attempt = 1; ; attempt++) {
    const port = randomInt(20_000, 45_000)
    const relays = randomInt(46_000, 64_000)
    const args = [
      ...['-c', shippedConfig, '--pidfile', join(dir, 'pid'), '--db', database],
      ...['--listening-port', String(port), '--listening-ip', '127.0.0.1'],
      ...['--relay-ip', ownAddress(), '--relay-ip', '::1', '--no-tls', '--no-dtls'],
      ...['--min-port', String(relays), '--max-port', String(relays + 1_000)],
      ...secrets.map(secret => `--static-auth-secret=${secret}`),
      ...options,
    ]
    const child = spawn('turnserver', args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const printed: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => printed.push(text))
    }
    const exited = once(child, 'exit')
    const logs = () => printed.join('')
    const ended = exited.then(
      () => 'ended' as const,
      error => Promise.reject(new Error('turnserver is not installed: apt install coturn', { cause: error })),
    )
    const end = async () => {
      child.kill('SIGKILL')
      await exited
    }
    const ready = listens(port)
    if ((await Promise.race([ended, ready])) === 'ready') {
      return {
        port,
        client: () => createTurnClient({ host: '127.0.0.1', port, withinMs: answerWithinMs }),
        logs,
        addSecret: secret => addSecret(database, secret),
        stop: () => end().then(release),
      }
    }
    await end()
    if (attempt < 3) continue
    await release()
    throw new Error(`coturn did not start:\n${logs()}`)
  }
}

/** Asks for a relay with no credentials until there is an answer, which is a refusal. */
async function listens(port: number): Promise<'ready' | 'silent'> {
  const client = createTurnClient({ host: '127.0.0.1', port, withinMs: 200 })
  const deadline = Date.now() + startWithinMs
  try {
    while (Date.now() < deadline) {
      const answered = await client.allocate({ username: 'nobody', credential: '' }).then(
        () => true,
        (error: Error) => error.name === 'TurnRefusal',
      )
      if (answered) return 'ready'
      await sleep(20)
    }
    return 'silent'
  } finally {
    client.close()
  }
}
