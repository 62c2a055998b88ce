import { parseEnv } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { ConfigError, loadConfig } from '../config.js'
import { encrypted } from './dotenvx.testing.js'
import { readSettings } from './read-settings.js'

const secrets = ['a plain word', 'spaces  and "quotes"', 'åäö 🕿', '#'.repeat(3_000), '$HOME `id` \\n']
const plain = `TURN_SECRET='${secrets[0]}'\nAPI_PORT=1234\nDATABASE_URL=postgres://u:p@h/db\nMAIL_FROM=\n`

let dotEnv: string
let keys: string
let key: string

beforeAll(async () => {
  ;({ dotEnv, keys } = await encrypted(plain))
  key = parseEnv(keys).DOTENV_PRIVATE_KEY ?? ''
})

function load(env: Record<string, string>, files: Record<string, string>) {
  return loadConfig(env, path => {
    const text = files[path]
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return text
  })
}

const wanted = { apiPort: 1234, databaseUrl: 'postgres://u:p@h/db', turn: { secret: secrets[0] } }

describe('what dotenvx encrypted', () => {
  test('is nowhere in the file', () => {
    expect(dotEnv).toContain("TURN_SECRET='encrypted:")
    expect(dotEnv).not.toContain(secrets[0])
    expect(key).toMatch(/^[0-9a-f]{64}$/)
  })

  test('is read with the key in .env.keys, in the environment, or in a file that it names', () => {
    const another = 'ab'.repeat(32)
    for (const [env, files] of [
      [{}, { '.env.keys': keys }],
      [{ DOTENV_PRIVATE_KEY: key }, {}],
      [{ DOTENV_PRIVATE_KEY: `${another}, ${key}` }, {}],
      [{ DOTENV_PRIVATE_KEY: key }, { '.env.keys': `DOTENV_PRIVATE_KEY=${another}` }],
      [{ DOTENV_PRIVATE_KEY_FILE: '/run/secrets/key' }, { '/run/secrets/key': `${key}\n` }],
      [{ DOTENV_PRIVATE_KEY_FILE: '/elsewhere/.env.keys' }, { '/elsewhere/.env.keys': keys }],
    ] as [Record<string, string>, Record<string, string>][])
      expect(load(env, { '.env': dotEnv, ...files })).toMatchObject(wanted)
  })

  test('is read wherever it stands: in the environment and in NAME_FILE too', () => {
    const { TURN_SECRET = '', API_PORT = '' } = parseEnv(dotEnv)
    const files = { '.env.keys': keys, '/secret': `${TURN_SECRET}\n` }
    expect(load({ API_PORT, TURN_SECRET }, files)).toMatchObject({ apiPort: 1234 })
    expect(load({ TURN_SECRET_FILE: '/secret' }, files).turn.secret).toBe(secrets[0])
  })

  test('comes back as it was, whatever it holds', async () => {
    for (const secret of secrets.slice(1)) {
      const made = await encrypted(`TURN_SECRET='${secret}'\n`)
      const { turn } = load({}, { '.env': made.dotEnv, '.env.keys': made.keys })
      expect(turn.secret).toBe(secret)
    }
  })

  test('gives way to the environment, plain as it is, and needs no key then', () => {
    const env = { TURN_SECRET: 'x', API_PORT: '5', DATABASE_URL: 'postgres://h/db', MAIL_FROM: 'a@b.org' }
    expect(load(env, { '.env': dotEnv })).toMatchObject({ apiPort: 5, turn: { secret: 'x' } })
  })

  test('says so, beside the plain ones', () => {
    const files: Record<string, string> = {
      '.env': `${dotEnv}\nSMTP_URL=smtp://mail.example.org`,
      '.env.keys': keys,
    }
    const readings = readSettings({}, path => files[path] ?? '')
    const found = readings
      .filter(({ source }) => source === '.env')
      .map(({ name, encrypted }) => [name, encrypted])
    expect(found).toEqual([
      ['API_PORT', true],
      ['DATABASE_URL', true],
      ['SMTP_URL', false],
      ['TURN_SECRET', true],
    ])
  })
})

describe('no start, and one line that names the variable', () => {
  test.each<[string, () => Record<string, string>, () => Record<string, string>, string]>([
    [
      'without a key',
      () => ({}),
      () => ({}),
      'API_PORT: is encrypted, and there is no key for it: set DOTENV_PRIVATE_KEY or DOTENV_PRIVATE_KEY_FILE, or put .env.keys beside .env',
    ],
    [
      'with .env.keys that has none',
      () => ({}),
      () => ({ '.env.keys': '# nothing\n' }),
      'API_PORT: is encrypted, and there is no key for it: set DOTENV_PRIVATE_KEY or DOTENV_PRIVATE_KEY_FILE, or put .env.keys beside .env',
    ],
    [
      'with another key',
      () => ({ DOTENV_PRIVATE_KEY: 'ab'.repeat(32) }),
      () => ({}),
      'API_PORT: is encrypted, and not for the key that DOTENV_PRIVATE_KEY has (or it is damaged)',
    ],
    [
      'with a key that is none',
      () => ({ DOTENV_PRIVATE_KEY: 'hush' }),
      () => ({}),
      'DOTENV_PRIVATE_KEY: has no key of dotenvx: 64 hexadecimal digits',
    ],
    [
      'with a key of zeros',
      () => ({ DOTENV_PRIVATE_KEY: '00'.repeat(32) }),
      () => ({}),
      'API_PORT: is encrypted, and not for the key that DOTENV_PRIVATE_KEY has (or it is damaged)',
    ],
    [
      'with a file that is not there',
      () => ({ DOTENV_PRIVATE_KEY_FILE: '/gone' }),
      () => ({}),
      'DOTENV_PRIVATE_KEY_FILE: "/gone" is not there',
    ],
    [
      'with a key in two places',
      () => ({ DOTENV_PRIVATE_KEY: key, DOTENV_PRIVATE_KEY_FILE: '/key' }),
      () => ({ '/key': key }),
      'DOTENV_PRIVATE_KEY: is set beside DOTENV_PRIVATE_KEY_FILE; set one of the two',
    ],
    [
      'where it is cut short',
      () => ({ API_PORT: 'encrypted:BEef' }),
      () => ({ '.env.keys': keys }),
      'API_PORT: is encrypted, and not for the key that .env.keys has (or it is damaged)',
    ],
  ])('%s', (_, env, files, line) => {
    expect(() => load(env(), { '.env': dotEnv, ...files() })).toThrow(line)
    expect(() => load(env(), { '.env': dotEnv, ...files() })).toThrow(ConfigError)
  })

  test('where one bit of it was changed', () => {
    const { TURN_SECRET = '' } = parseEnv(dotEnv)
    const bytes = Buffer.from(TURN_SECRET.slice('encrypted:'.length), 'base64')
    for (const at of [0, 40, 70, 85, bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      const env = { TURN_SECRET: `encrypted:${changed.toString('base64')}` }
      expect(() => load(env, { '.env.keys': keys }), `${at}`).toThrow(
        'TURN_SECRET: is encrypted, and not for',
      )
    }
  })
})
