import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, it } from 'vitest'
import { type Nginx, nginx, startNginx } from '../balanced/nginx.js'
import { type Nodes, startNodes } from '../cluster/nodes.js'
import { describeWith } from '../databases/services.js'
import { expectHeld, leftOut, runKit } from './kit.js'

describeWith('the contract, behind nginx', nginx() !== undefined, () => {
  let cluster: Nodes
  let front: Nginx
  let dir: string
  let ca: string
  beforeAll(async () => {
    const timers = { RING_TIMEOUT_SECONDS: '3', RESUME_WINDOW_SECONDS: '4' }
    cluster = await startNodes(2, { ...timers, SECURITY_PROFILE: 'strict', TRUST_PROXY: '127.0.0.1' })
    const at = (which: 'api' | 'signal') => cluster.nodes.map(node => new URL(node[which]).host)
    front = await startNginx({ api: at('api'), signal: at('signal') })
    dir = await mkdtemp(join(tmpdir(), 'switchboard-kit-'))
    ca = join(dir, 'ca.pem')
    await writeFile(ca, front.ca)
  })
  afterAll(async () => {
    await front?.stop()
    await cluster?.dispose()
    await rm(dir, { recursive: true, force: true })
  })

  it('holds over TLS, with two strict nodes behind it', async () => {
    const timers = ['--ring-timeout', '3', '--resume-window', '4']
    const run = await runKit(front.api, '--signal', front.signal, '--ca', ca, ...timers)
    expectHeld(run, leftOut.limits, leftOut.mail, leftOut.slow)
  }, 240_000)
})
