import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { chmod, chown, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { encrypted } from '../../../config/dotenvx.testing.js'
import { readSettings } from '../../../config/read-settings.js'
import { workplace } from '../../testing.js'
import { secretParts } from './parts.js'
import { secrets } from './secrets.js'
import { bitsAtMost, isPlaceholder } from './strength.js'

let place: Awaited<ReturnType<typeof workplace>>
const before = process.cwd()
beforeAll(async () => {
  place = await workplace()
  process.chdir(place.dir)
})
afterEach(async () => {
  for (const name of ['.env', '.env.keys', '.git', 'secret', 'other'])
    await rm(join(place.dir, name), { recursive: true, force: true })
})
afterAll(async () => {
  process.chdir(before)
  await place.dispose()
})

const free = { HOST: '127.0.0.1', API_PORT: '0', SIGNAL_PORT: '0', ADMIN_PORT: '0' }
const good = () => randomBytes(32).toString('hex')
const readFile = (path: string) => readFileSync(path, 'utf8')

/** What is said of the secrets, in a directory with these files. */
async function said(env: Record<string, string>, files: Record<string, [text: string, mode?: number]> = {}) {
  for (const [name, [text, mode = 0o600]] of Object.entries(files)) {
    await writeFile(join(place.dir, name), text)
    await chmod(join(place.dir, name), mode)
  }
  const readings = readSettings(env, readFile)
  const found = await secrets({ env, readFile }, readings)
  for (const { value } of secretParts(readings)) expect(JSON.stringify(found)).not.toContain(value)
  return { found, lines: found.map(({ detail }) => detail) }
}

const git = (...args: string[]) => promisify(execFile)('git', args, { cwd: place.dir })

test('nothing to say where none is set, or all is well', async () => {
  expect((await said({})).found).toEqual([{ status: 'ok', detail: 'none set' }])
  const env = { TURN_SECRET: good(), SMTP_URL: `smtp://user:${good()}@127.0.0.1:1` }
  const { lines } = await said(env, {
    '.env': [`NATS_URL=\nDATABASE_URL=postgres://h:${good()}@127.0.0.1:1/db`],
  })
  expect(lines).toEqual(['3 set: none weak, published, used twice or open to others'])
})

describe('weak', () => {
  test.each([
    ['changeme', 'TURN_SECRET is among the first that anybody tries'],
    ['Secret123!', 'TURN_SECRET is among the first that anybody tries'],
    ['my-super-secret', 'TURN_SECRET is among the first that anybody tries'],
    ['baseball1', 'TURN_SECRET is among the first that anybody tries'],
    ['kT9x2', 'TURN_SECRET is weak: 29 bits at most, 80 are wanted'],
    ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', 'TURN_SECRET is weak: 14 bits at most, 80 are wanted'],
    ['1a2b1a2b1a2b1a2b1a2b1a2b1a2b1a2b', 'TURN_SECRET is weak: 16 bits at most, 80 are wanted'],
    ['abcdefghijklmnopqrstuvwxyz0123456789', 'TURN_SECRET is weak: 31 bits at most, 80 are wanted'],
    ['qwertyuiop12345asdfghjkl', 'TURN_SECRET is weak: 31 bits at most, 80 are wanted'],
  ])('%s', async (secret, line) => {
    const { found } = await said({ TURN_SECRET: secret })
    expect(found).toEqual([
      { status: 'warning', detail: line, advice: 'make a new one: openssl rand -hex 32' },
    ])
  })

  test('a password in a URL is what counts, and less is asked of it', async () => {
    const at = (password: string) => `postgres://someone:${password}@127.0.0.1:1/calls`
    expect((await said({ DATABASE_URL: at('postgres') })).lines).toEqual([
      expect.stringMatching(/^the password in DATABASE_URL (stands in .*|is among the first .*)$/),
    ])
    expect((await said({ DATABASE_URL: at('kT9x2') })).lines).toEqual([
      'the password in DATABASE_URL is weak: 29 bits at most, 48 are wanted',
    ])
    expect((await said({ DATABASE_URL: at('kT9x2%40Lq7b') })).lines).toEqual([
      expect.stringMatching(/^1 set/),
    ])
  })

  test('is none that was drawn by lot', () => {
    for (let number = 0; number < 2_000; number++) {
      const drawn = createHash('sha256').update(`${number}`).digest()
      for (const secret of [drawn.toString('base64'), drawn.toString('hex', 0, 16)]) {
        expect(bitsAtMost(secret), secret).toBeGreaterThan(80)
        expect(isPlaceholder(secret), secret).toBe(false)
      }
    }
  })

  test('is a warning; under the strict profile a failure, and the exit code says so', async () => {
    const env = { ...free, TURN_SECRET: 'changeme' }
    const { out, code } = await place.run(['doctor'], env)
    expect(out).toMatch(
      /^warn secrets +TURN_SECRET is among the first that anybody tries\n +-> make a new one/m,
    )
    expect({
      code,
      strict: (await place.run(['doctor'], { ...env, SECURITY_PROFILE: 'strict' })).code,
    }).toEqual({
      code: 0,
      strict: 1,
    })
  })
})

test('of an example', async () => {
  const webhooks = {
    WEBHOOK_URL: 'http://127.0.0.1:1/',
    WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  }
  expect((await said(webhooks)).lines).toEqual(['WEBHOOK_SECRET stands in .env.example, for all to read'])
  const url = { DATABASE_URL: 'postgres://switchboard:secret@127.0.0.1:1/switchboard' }
  expect((await said(url)).lines).toEqual([
    'the password in DATABASE_URL stands in .env.example, for all to read',
  ])
})

test('used twice', async () => {
  const same = good()
  expect((await said({ TURN_SECRET: same, TURN_SECRET_PREVIOUS: same })).lines).toEqual([
    'TURN_SECRET and TURN_SECRET_PREVIOUS are the same',
  ])
})

describe('open to others', () => {
  test.each([
    [0o644, 'everybody'],
    [0o602, 'everybody'],
    [0o600, undefined],
    [0o400, undefined],
  ])('a mode of %o', async (mode, to) => {
    const dotEnv = `TURN_SECRET=${good()}\n`
    const { found } = await said({}, { '.env': [dotEnv, mode] })
    const status = to === undefined ? 'ok' : 'warning'
    expect(found).toMatchObject([
      { status, ...(to && { detail: `.env is open to ${to}`, advice: 'run: chmod 600 .env' }) },
    ])
  })

  test('a file that NAME_FILE names, the key of TLS, and .env.keys', async () => {
    const env = { TURN_SECRET_FILE: 'secret', TLS_CERT_FILE: 'cert', TLS_KEY_FILE: 'other' }
    const keys = `DOTENV_PRIVATE_KEY=${good()}\n`
    const files: Parameters<typeof said>[1] = {
      secret: [good(), 0o644],
      other: ['key', 0o644],
      '.env.keys': [keys, 0o644],
      '.env': ['API_PORT=0', 0o644],
    }
    const { lines } = await said(env, files)
    expect(lines.sort()).toEqual(['.env.keys', 'other', 'secret'].map(name => `${name} is open to everybody`))
  })

  test('its group, where the file is ours', async () => {
    await writeFile(join(place.dir, 'secret'), good())
    const group = process.getgid?.() || 65_534
    await chown(join(place.dir, 'secret'), process.getuid?.() ?? 0, group)
    await chmod(join(place.dir, 'secret'), 0o640)
    expect((await said({ TURN_SECRET_FILE: 'secret' })).lines).toEqual(['secret is open to its group'])
  })
})

test('in git, unless it is encrypted', async () => {
  await git('init', '-q')
  const secret = good()
  await writeFile(join(place.dir, '.env'), `TURN_SECRET=${secret}\n`)
  await git('add', '.env')
  const { found } = await said({}, { '.env': [`TURN_SECRET=${secret}\n`] })
  expect(found).toMatchObject([
    { status: 'warning', detail: '.env is in git', advice: expect.stringContaining('git rm --cached .env') },
  ])
  const { dotEnv, keys } = await encrypted(`TURN_SECRET=${secret}\n`)
  const sealed = await said({}, { '.env': [dotEnv, 0o644], '.env.keys': [keys] })
  expect(sealed.lines).toEqual(['1 set: none weak, published, used twice or open to others'])
  await git('add', '.env.keys')
  expect((await said({})).lines).toEqual(['.env.keys is in git'])
})

test('in two places', async () => {
  const env = { TURN_SECRET: good() }
  expect((await said(env, { '.env': ['TURN_SECRET_FILE=/nowhere'] })).lines).toEqual([
    'TURN_SECRET of the environment counts, TURN_SECRET_FILE in .env does not',
  ])
  const { out, code } = await place.run(['doctor', '--json'], { ...free, ...env, TURN_SECRET_FILE: 'x' })
  expect(code).toBe(1)
  expect(out).toContain('TURN_SECRET: is set beside TURN_SECRET_FILE; set one of the two')
})
