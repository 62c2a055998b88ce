import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { connectDevice } from '../device.js'
import { login, person, type Rest, register } from '../people.js'
import { root } from '../product.js'
import { request } from '../rest-client.js'

// PM2 itself is AGPL and 35 MB: no dependency of ours. What it says and hears is four messages, said and heard here;
// docs/operations.md has what came out with the real one.
const main = join(root, 'packages', 'server', 'dist', 'main.js')
const under = { pm_id: '0', pm_exec_path: main, exec_mode: 'fork_mode', instances: '1' }

async function workplace() {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-pm2-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 10 }))
  return dir
}

async function start(env: Record<string, string>) {
  const dir = await workplace()
  const ports = { HOST: '127.0.0.1', API_PORT: '0', SIGNAL_PORT: '0', ADMIN_PORT: '0' }
  const { PATH = '', HOME = '' } = process.env
  const child = fork(main, ['serve'], {
    cwd: dir,
    execArgv: [],
    silent: true,
    env: { PATH, HOME, ...ports, ...env },
  })
  onTestFinished(() => void child.kill('SIGTERM'))
  const printed: string[] = []
  const heard: unknown[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', text => printed.push(String(text)))
  child.on('message', message => heard.push(message))
  return { child, heard, printed: () => printed.join('') }
}

const exitOf = async (child: ChildProcess) => (await once(child, 'exit'))[0] as number | null

describe('under PM2', () => {
  it('it says when it is ready, tells its metrics, and stops at a message with 0', async () => {
    const { child, heard, printed } = await start(under)
    await vi.waitFor(() => expect(heard[0]).toBe('ready'), 20_000)
    const { api, signal } = JSON.parse(
      printed()
        .split('\n')
        .find(line => line.includes('"ready"')) ?? '{}',
    )
    const rest: Rest = (method, path, more) => request(api, method, path, more)
    expect((await rest('GET', '/health/ready')).status).toBe(200)
    const who = person()
    await register(rest, who)
    const device = await connectDevice(signal, { ...who, token: await login(rest, who) })
    const data = { Connections: { value: 1 }, Calls: { value: 0 }, 'Event loop lag': { unit: 'ms' } }
    await vi.waitFor(() => expect(heard.at(-1)).toMatchObject({ type: 'axm:monitor', data }), 5_000)
    const exit = exitOf(child)
    child.send('shutdown')
    expect(await device.closed).toMatchObject({ code: 1012 })
    expect(await exit).toBe(0)
  })

  it('another parent hears of it too, but no metrics', async () => {
    const { child, heard } = await start({})
    await vi.waitFor(() => expect(heard).toEqual(['ready']), 20_000)
    const exit = exitOf(child)
    child.kill('SIGINT')
    expect(await exit).toBe(0)
    expect(heard).toEqual(['ready'])
  })

  it.each([
    { exec_mode: 'cluster_mode', instances: '1' },
    { exec_mode: 'fork_mode', instances: '3' },
  ])('it refuses to be one of several without NATS: $exec_mode, $instances', async env => {
    const { child, printed } = await start({ ...under, ...env })
    expect(await exitOf(child)).toBe(2)
    expect(printed()).toMatch(/^switchboard: NATS_URL: must be set, and DATABASE_URL: [^\n]*\n$/)
  })
})

describe('deploy/ecosystem.config.cjs', () => {
  afterEach(() => void vi.unstubAllEnvs())
  const file = join(root, 'deploy', 'ecosystem.config.cjs')
  const load = (env: Record<string, string>) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    const require = createRequire(import.meta.url)
    delete require.cache[file]
    return (require(file) as { apps: Record<string, unknown>[] }).apps
  }

  it('starts one process where nothing is said', async () => {
    const [app, ...others] = load({ SWITCHBOARD_DIR: await workplace() })
    expect(others).toEqual([])
    expect(app).toMatchObject({
      exec_mode: 'fork',
      instances: 1,
      wait_ready: true,
      script: main,
      args: 'serve',
    })
    expect(app?.kill_timeout).toBeGreaterThan(30_000)
  })

  it('several need NATS and a database, in .env or in the environment', async () => {
    const dir = await workplace()
    for (const PM2_MODE of ['cluster', 'ports']) {
      const env = { SWITCHBOARD_DIR: dir, PM2_MODE, PROCESSES: '2' }
      expect(() => load(env)).toThrow(/needs NATS_URL and DATABASE_URL/)
      expect(() => load({ ...env, NATS_URL: 'nats://a' })).toThrow(/needs NATS_URL and DATABASE_URL/)
      vi.unstubAllEnvs()
    }
    await writeFile(join(dir, '.env'), 'NATS_URL=nats://a\nexport DATABASE_URL = postgres://b\n')
    const env = { SWITCHBOARD_DIR: dir, PROCESSES: '2' }
    expect(load({ ...env, PM2_MODE: 'cluster' })).toMatchObject([{ exec_mode: 'cluster', instances: 2 }])
    expect(load({ ...env, PM2_MODE: 'ports' })).toMatchObject([
      { name: 'switchboard-1', exec_mode: 'fork', env: { API_PORT: '8081', SIGNAL_PORT: '4001' } },
      { name: 'switchboard-2', exec_mode: 'fork', env: { API_PORT: '8082', SIGNAL_PORT: '4002' } },
    ])
  })

  it.each([{ PM2_MODE: 'several' }, { PROCESSES: '0' }, { PROCESSES: '1e3' }])('refuses %o', env => {
    expect(() => load(env)).toThrow(/^(PM2_MODE|PROCESSES) is /)
  })
})
