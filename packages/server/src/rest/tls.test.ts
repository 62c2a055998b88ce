import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RestWorld, restWorld } from './testing.js'

let world: RestWorld
let dir: string
let cert: Buffer
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-tls-'))
  const files = ['-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')]
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=localhost']
  execFileSync('openssl', ['req', '-x509', ...made, '-addext', 'subjectAltName=DNS:localhost', ...files], {
    stdio: 'ignore',
  })
  cert = await readFile(join(dir, 'cert.pem'))
  const tls = { cert, key: await readFile(join(dir, 'key.pem')) }
  world = await restWorld({ tls, config: { securityProfile: 'strict' } })
})
afterAll(async () => {
  await world.close()
  await rm(dir, { recursive: true })
})

test('the strict profile is at home on HTTPS, and says to stay there', async () => {
  const { port } = new URL(await world.app.listen({ port: 0, host: '127.0.0.1' }))
  const answer = await new Promise<{ status: number | undefined; hsts: string | undefined }>(
    (resolve, reject) => {
      request({ host: '127.0.0.1', servername: 'localhost', port, path: '/get_user', ca: cert }, response => {
        response.resume()
        resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] })
      })
        .on('error', reject)
        .end()
    },
  )
  expect(answer).toEqual({ status: 401, hsts: expect.stringMatching(/^max-age=/) })
})
