import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createRawServer, type Server as RawServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../clock.js'
import { openCertificate } from '../../http/certificate.js'
import { httpWorld, listening, makeCertificate } from '../../http/testing.js'
import { createSignalHttp } from '../../signaling/http.js'
import { ports } from './ports.js'

let dir: string
const servers: (Server | RawServer)[] = []
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-ports-'))
})
afterAll(async () => {
  for (const server of servers) server.close()
  await rm(dir, { recursive: true })
})

async function started(server: Server): Promise<number> {
  servers.push(server)
  return listening(server)
}

const host = '127.0.0.1'
const free = { host, apiPort: 0, signalPort: 0, adminHost: host, adminPort: 0, adminPortIsSet: false }

/** What is said of the one port that is wanted beside the operator's. */
const foundAt = async (port: number) =>
  (await ports({ ...free, role: 'signal', signalPort: port })).slice(0, 1)

const ours = ({ createServer, newId }: ReturnType<typeof httpWorld>) =>
  createSignalHttp({ createServer, newId, busState: () => 'none', isReady: async () => true })
const another = (listener: RequestListener) => createServer(listener)

test('our own server is known, behind TLS as well as without', async () => {
  const world = httpWorld()
  const plain = await started(ours(world))
  expect(await foundAt(plain)).toMatchObject([
    { status: 'ok', detail: `port ${plain}: a Switchboard server is running there` },
  ])
  const certificate = await openCertificate(makeCertificate(dir, 'unknown'), {
    clock: systemClock,
    log: world.log,
  })
  const encrypted = await started(ours(httpWorld({ certificate })))
  expect(await foundAt(encrypted)).toMatchObject([
    { status: 'ok', detail: `port ${encrypted}: a Switchboard server is running there` },
  ])
  certificate.stop()
})

test('what else may be there is another program', async () => {
  const kind = await started(another((_request, response) => response.end('everything is live')))
  const unkind = await started(another((_request, response) => response.writeHead(404).end()))
  const silent = createRawServer(socket => void socket.on('error', () => {})).listen(0, '127.0.0.1')
  servers.push(silent)
  await once(silent, 'listening')
  const { port } = silent.address() as { port: number }
  for (const taken of [kind, unkind, port])
    expect(await foundAt(taken)).toMatchObject([
      { status: 'failure', advice: expect.stringMatching(/^stop it/) },
    ])
})

test("the operator's port is looked at too; the server does without the default one", async () => {
  const taken = await started(another((_request, response) => response.end('Prometheus')))
  const [, admin] = await ports({ ...free, role: 'api', adminPort: taken })
  expect(admin).toMatchObject({ status: 'warning', advice: expect.stringMatching(/ADMIN_PORT/) })
  const [, asked] = await ports({ ...free, role: 'api', adminPort: taken, adminPortIsSet: true })
  expect(asked).toMatchObject({ status: 'failure', detail: `port ${taken} is taken by another program` })
  const [, foreign] = await ports({ ...free, role: 'api', adminHost: '192.0.2.1' })
  expect(foreign).toMatchObject({ detail: expect.stringMatching(/^ADMIN_HOST=192\.0\.2\.1 /) })
})
