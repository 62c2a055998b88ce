import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encrypted } from '../config/dotenvx.testing.js'
import { workplace } from './testing.js'

let place: Awaited<ReturnType<typeof workplace>>
beforeAll(async () => {
  place = await workplace()
  const ports = 'HOST=127.0.0.1\nAPI_PORT=0\nSIGNAL_PORT=0\nADMIN_PORT=0\n'
  const { dotEnv, keys } = await encrypted(`${ports}TURN_SECRET=Jx7vQm2LrT9wYc4KpZ8n\n`)
  await writeFile(join(place.dir, '.env'), dotEnv)
  await writeFile(join(place.dir, '.env.keys'), keys, { mode: 0o600 })
})
afterAll(() => place.dispose())

test('an encrypted .env beside its key just works', async () => {
  const { firstLine, child, ended } = place.start(['serve'], { LOG_LEVEL: 'silent' })
  expect(JSON.parse(await firstLine)).toMatchObject({
    api: expect.stringMatching(/^http:..127\.0\.0\.1:\d+$/),
  })
  child.kill('SIGTERM')
  const { code, out, err } = await ended
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).not.toContain('Jx7v')
  const doctor = await place.run(['doctor', '--json', '--settings'])
  expect(JSON.parse(doctor.out)).toMatchObject({
    settings: expect.arrayContaining([
      { name: 'API_PORT', value: '0', source: '.env' },
      { name: 'TURN_SECRET', value: '(set)', source: '.env' },
    ]),
  })
})

test('without its key nothing starts, and one line says why', async () => {
  await rm(join(place.dir, '.env.keys'))
  const { code, out, err } = await place.run(['serve'])
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^switchboard: API_PORT: is encrypted, and there is no key for it: [^\n]+\n$/)
})
