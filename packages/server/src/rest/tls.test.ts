import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import { openCertificate } from '../http/certificate.js'
import { httpWorld, makeCertificate } from '../http/testing.js'
import { type RestWorld, restWorld } from './testing.js'

let world: RestWorld
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-tls-'))
  const { log } = httpWorld()
  const certificate = await openCertificate(makeCertificate(dir, 'rest'), { clock: systemClock, log })
  world = await restWorld({ certificate, config: { securityProfile: 'strict' } })
  certificate.stop()
})
afterAll(async () => {
  await world.close()
  await rm(dir, { recursive: true })
})

test('the strict profile is at home on HTTPS, and says to stay there', async () => {
  const { port } = new URL(await world.app.listen({ port: 0, host: '127.0.0.1' }))
  const answer = await new Promise<{ status: number | undefined; hsts: string | undefined }>(
    (resolve, reject) => {
      request({ host: '127.0.0.1', port, path: '/get_user', rejectUnauthorized: false }, response => {
        response.resume()
        resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] })
      })
        .on('error', reject)
        .end()
    },
  )
  expect(answer).toEqual({ status: 401, hsts: expect.stringMatching(/^max-age=/) })
})
