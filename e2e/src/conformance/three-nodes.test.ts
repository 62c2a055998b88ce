import { once } from 'node:events'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Nodes, startNodes } from '../cluster/nodes.js'
import { expectHeld, leftOut, runKit, startKit } from './kit.js'

describe('the contract, on three nodes', () => {
  let cluster: Nodes
  let database: pg.Client
  beforeAll(async () => {
    cluster = await startNodes(3, { RING_TIMEOUT_SECONDS: '3', RESUME_WINDOW_SECONDS: '4' })
    database = new pg.Client(cluster.databaseUrl)
    database.on('error', () => {}) // it goes before the database does
    await database.connect()
  })
  afterAll(async () => {
    await database?.end()
    await cluster?.dispose()
  })
  const users = async () => {
    const { rows } = await database.query('select count(*)::int as users from users')
    return (rows as [{ users: number }])[0].users
  }

  it('holds, whichever node is asked next, and nothing is left behind', async () => {
    const { nodes } = cluster
    const signals = nodes.flatMap(({ signal }) => ['--signal', signal])
    const timers = ['--ring-timeout', '3', '--resume-window', '4']
    const run = await runKit(...nodes.map(({ api }) => api), ...signals, ...timers)
    expectHeld(run, leftOut.limits, leftOut.mail, leftOut.slow, ...leftOut.strict)
    expect(await users()).toBe(0)
  }, 240_000)

  it('leaves nothing behind either when somebody interrupts it', async () => {
    const [node] = cluster.nodes
    const kit = startKit(node?.api ?? '')
    const ended = once(kit, 'exit')
    await expect.poll(users, { timeout: 20_000 }).toBeGreaterThan(10)
    kit.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    expect(await users()).toBe(0)
  }, 60_000)
})
