import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One series of an answer: its labels, and the value at the time. */
export interface Found {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

export interface Prometheus {
  readonly url: string
  /** Looks at these from now on, `host:port` each. */
  watch(targets: readonly string[]): Promise<void>
  /** An instant query; rejects when Prometheus does not understand it. */
  query(expression: string): Promise<readonly Found[]>
  /** How the rules it was given are doing, by their names. */
  rules(): Promise<readonly { readonly name: string; readonly health: string; readonly lastError?: string }[]>
  /** May be said twice. */
  stop(): Promise<void>
}

/** Debian's Prometheus, which looks at these targets twice a second. */
export async function startPrometheus(targets: readonly string[], ruleFile: string): Promise<Prometheus> {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-prometheus-'))
  const targetFile = join(dir, 'targets.json')
  const watch = (hosts: readonly string[]) => writeFile(targetFile, JSON.stringify([{ targets: hosts }]))
  await watch(targets)
  const config = {
    global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms' },
    rule_files: [ruleFile],
    scrape_configs: [{ job_name: 'switchboard', file_sd_configs: [{ files: [targetFile] }] }],
  }
  const file = join(dir, 'prometheus.yml')
  await writeFile(file, JSON.stringify(config)) // JSON is YAML
  const child = spawn(
    'prometheus',
    [`--config.file=${file}`, `--storage.tsdb.path=${join(dir, 'data')}`, '--web.listen-address=127.0.0.1:0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const url = `http://127.0.0.1:${await portOf(child)}`
  const base = `${url}/api/v1`

  async function ask<T>(path: string): Promise<T> {
    const response = await fetch(`${base}${path}`)
    const { status, data, error } = (await response.json()) as { status: string; data: T; error?: string }
    if (status !== 'success') throw new Error(`${decodeURIComponent(path)}: ${error}`)
    return data
  }

  return {
    url,
    watch,
    query: async expression =>
      (await ask<{ result: Found[] }>(`/query?query=${encodeURIComponent(expression)}`)).result,
    async rules() {
      const { groups } = await ask<{
        groups: { rules: { name: string; health: string; lastError?: string }[] }[]
      }>('/rules')
      return groups.flatMap(({ rules }) => rules)
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit')
        child.kill('SIGKILL')
        await ended
      }
      await rm(dir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** It says so once it listens and once it serves. */
function portOf(child: ChildProcess): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`prometheus ended with ${code}: ${said}`)))
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const port = /msg="Listening on" address=127\.0\.0\.1:(\d+)/.exec(said)?.[1]
      if (port && said.includes('Server is ready to receive web requests')) resolve(port)
    })
  })
}
