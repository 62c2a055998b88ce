import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workplace } from './testing.js'

let place: Awaited<ReturnType<typeof workplace>>
beforeAll(async () => {
  place = await workplace()
})
afterAll(() => place.dispose())

describe('help', () => {
  test('shows every command and the exit codes', async () => {
    const { code, out, err } = await place.run(['--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    for (const name of [
      'serve',
      'migrate',
      'backup',
      'restore',
      'user',
      'admin',
      'keys',
      'doctor',
      'Exit codes:',
    ])
      expect(out).toContain(name)
  })

  test('is what comes without a command, and that is a mistake', async () => {
    const { code, out, err } = await place.run([])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('Usage: switchboard')
  })

  test.each([
    ['serve'],
    ['migrate'],
    ['backup'],
    ['restore'],
    ['user'],
    ['user', 'list'],
    ['user', 'delete'],
    ['admin', 'create'],
    ['admin', 'list'],
    ['admin', 'reset'],
    ['keys', 'generate'],
    ['keys', 'rotate'],
    ['doctor'],
  ])('%s %s', async (...args) => {
    const { code, out } = await place.run([...args.filter(Boolean), '--help'])
    expect(code).toBe(0)
    expect(out).toContain(`Usage: switchboard ${args.filter(Boolean).join(' ')}`)
  })

  test('the version is the package’s', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(await place.run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
  })
})

test.each([
  [['sreve'], "unknown command 'sreve' (Did you mean serve?)"],
  [['user', 'list', '--limit', '0'], "option '--limit <count>' argument '0' is invalid."],
  [['user', 'show'], "missing required argument 'who'"],
  [['admin', 'create', 'Ada', '--role', 'king'], "option '--role <role>' argument 'king' is invalid."],
  [['doctor', '--jsno'], "unknown option '--jsno' (Did you mean --json?)"],
  [['keys', 'generate', '--type', 'dsa'], "option '--type <type>' argument 'dsa' is invalid."],
])('%j is a mistake, told in one line', async (args, message) => {
  const { code, out, err } = await place.run(args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^switchboard: [^\n]+\n$/)
  expect(err).toContain(message)
})

test.each([['serve'], ['migrate'], ['user', 'list'], ['keys', 'rotate']])(
  'a bad setting stops %s %s before anything is begun, and shows no secret',
  async (...args) => {
    const { code, out, err } = await place.run(args.filter(Boolean), { DATABASE_URL: 'mysql://u:sesame@h/d' })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^switchboard: DATABASE_URL: [^\n]+\n$/)
    expect(err).not.toContain('sesame')
    await expect(stat(join(place.dir, 'data'))).rejects.toThrow('ENOENT')
  },
)

test('.env in the working directory counts', async () => {
  await writeFile(join(place.dir, '.env'), '\uFEFFAPI_PORT=nowhere\r\n')
  const { code, err } = await place.run(['migrate'])
  await writeFile(join(place.dir, '.env'), '')
  expect(code).toBe(2)
  expect(err).toMatch(/^switchboard: API_PORT: "nowhere" is not a whole number/)
})

test('a database that is not there is one line', async () => {
  const { code, err } = await place.run(['migrate'], { DATABASE_URL: 'postgres://u:sesame@127.0.0.1:1/d' })
  expect(code).toBe(1)
  expect(err).toMatch(/^switchboard: no connection to the database: [^\n]*ECONNREFUSED[^\n]*\n$/)
  expect(err).not.toContain('sesame')
})

describe('keys', () => {
  const file = () => join(place.dir, 'keys', 'tokenSecret.key')
  const key = () => readFile(file(), 'utf8')

  test('generate makes one, and takes no other’s place without --force', async () => {
    const made = await place.run(['keys', 'generate', '--type', 'ed25519'])
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(made.out).toMatch(/^made keys\/tokenSecret\.key \(EdDSA, id \S+\)\n$/)
    expect((await stat(file())).mode & 0o077).toBe(0)

    const first = await key()
    expect(await place.run(['keys', 'generate'])).toMatchObject({ code: 1, out: '' })
    expect(await key()).toBe(first)
  })

  test('rotate keeps the old one beside the new, --force keeps none', async () => {
    const first = await key()
    expect(await place.run(['keys', 'rotate'])).toMatchObject({ code: 0 })
    const previous = join(place.dir, 'keys', 'tokenSecret.previous.key')
    expect(await readFile(previous, 'utf8')).toBe(first)
    const second = await key()
    expect(second).not.toBe(first)

    const forced = await place.run(['keys', 'generate', '--force'])
    expect(forced.out).toContain('ES256')
    expect(await key()).not.toBe(second)
    await expect(stat(previous)).rejects.toThrow('ENOENT')
  })

  test('rotate without a key says so', async () => {
    const { code, err } = await place.run(['keys', 'rotate'], { TOKEN_KEY_FILE: 'none.key' })
    expect(code).toBe(1)
    expect(err).toMatch(/^switchboard: TOKEN_KEY_FILE: there is no key in none\.key[^\n]*\n$/)
  })
})
