import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Nodes, startNodes } from '../cluster/nodes.js'
import { expectHeld, leftOut, runKit } from './kit.js'

describe('the contract, on three nodes', () => {
  let cluster: Nodes
  beforeAll(async () => {
    cluster = await startNodes(3, { RING_TIMEOUT_SECONDS: '3', RESUME_WINDOW_SECONDS: '4' })
  })
  afterAll(() => cluster?.dispose())

  it('holds, whichever node is asked next, and nothing is left behind', async () => {
    const { nodes, databaseUrl } = cluster
    const signals = nodes.flatMap(({ signal }) => ['--signal', signal])
    const timers = ['--ring-timeout', '3', '--resume-window', '4']
    const run = await runKit(...nodes.map(({ api }) => api), ...signals, ...timers)
    expectHeld(run, leftOut.limits, leftOut.mail, ...leftOut.strict)
    const client = new pg.Client(databaseUrl)
    await client.connect()
    try {
      const { rows } = await client.query('select count(*)::int as users from users')
      expect(rows).toEqual([{ users: 0 }])
    } finally {
      await client.end()
    }
  }, 240_000)
})
