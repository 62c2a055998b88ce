import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, onTestFinished } from 'vitest'
import { createLogger } from '../../log.js'
import { type Embedded, type EmbeddedOptions, openEmbedded } from './embedded.js'
import { embeddedStatus } from './status.js'

const log = createLogger('silent')

/** A directory that is gone after the test, with the PostgreSQL in it. */
export async function dataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'switchboard-embedded-'))
  onTestFinished(async () => {
    await killPostgres(directory)
    await rm(directory, { recursive: true, force: true })
  })
  return directory
}

let template: Promise<string> | undefined
afterAll(async () => {
  if (template) await rm(await template, { recursive: true, force: true })
})

/** The same with a database in it, as if restored from a backup: quicker than making one. */
export async function usedDirectory(): Promise<string> {
  template ??= makeTemplate()
  const directory = await dataDirectory()
  await cp(await template, directory, { recursive: true })
  return directory
}

async function makeTemplate() {
  const directory = await mkdtemp(join(tmpdir(), 'switchboard-embedded-'))
  await (await openEmbedded({ dataDir: directory, log, exclusive: true })).stop()
  await rm(join(directory, 'postgres', 'run'), { recursive: true, force: true })
  return directory
}

/** As the out-of-memory killer does it. */
export async function killPostgres(dataDir: string): Promise<void> {
  const { pid } = await embeddedStatus(dataDir)
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
}

/** Opens it in this process; the test stops it if it has not done so itself. */
export async function open(dataDir: string, options: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const embedded = await openEmbedded({ dataDir, log, exclusive: true, ...options })
  onTestFinished(() => embedded.stop().catch(() => {}))
  return embedded
}

/** A server in a process of its own, which waits for `open`: starting a process takes longer than what it does then. */
export class Server {
  readonly process: ChildProcessByStdio<Writable, Readable, null>
  readonly lines: AsyncIterator<string>

  constructor(dataDir: string, mode: 'write' | 'stay', owner: { uid?: number; gid?: number } = {}) {
    const script = fileURLToPath(new URL('testing-child.ts', import.meta.url))
    this.process = spawn(
      process.execPath,
      ['--import', 'tsx', '--conditions=source', script, dataDir, mode],
      { ...owner, stdio: ['pipe', 'pipe', 'inherit'] },
    )
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]()
    onTestFinished(() => {
      this.process.kill('SIGKILL')
    })
  }

  /** Returns what it says first: what it found, or why it was refused. */
  open(): Promise<string | undefined> {
    this.process.stdin.write('open\n')
    return this.next()
  }

  /** What it says next; undefined when it has ended. */
  async next(): Promise<string | undefined> {
    const { value, done } = await this.lines.next()
    return done ? undefined : value
  }

  async kill(): Promise<void> {
    const exit = once(this.process, 'exit')
    this.process.kill('SIGKILL')
    await exit
  }

  async close(): Promise<void> {
    const exit = once(this.process, 'exit')
    this.process.stdin.end()
    await exit
  }
}
