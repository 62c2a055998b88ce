import { describe, expect, test } from 'vitest'
import { ConfigError, loadConfig } from '../config.js'
import { readSettings } from './read-settings.js'

const files =
  (contents: Record<string, string>) =>
  (path: string): string => {
    const text = contents[path]
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
    return text
  }
const load = (env: Record<string, string>, contents: Record<string, string> = {}) =>
  loadConfig(env, files(contents))

describe('.env', () => {
  test('is read with a byte order mark, CRLF, quotes and comments', () => {
    const config = load({}, { '.env': '\uFEFFAPI_PORT=1\r\nHOST="::1" # here\r\n# SIGNAL_PORT=2\r\n' })
    expect(config).toMatchObject({ apiPort: 1, host: '::1', signalPort: 4000 })
  })

  test('gives way to the real environment, but not to an empty variable', () => {
    const config = load({ API_PORT: '2', SIGNAL_PORT: '' }, { '.env': 'API_PORT=1\nSIGNAL_PORT=3' })
    expect(config).toMatchObject({ apiPort: 2, signalPort: 3 })
  })

  test('that cannot be read stops the start', () => {
    const locked = () => {
      throw Object.assign(new Error('no'), { code: 'EACCES' })
    }
    expect(() => loadConfig({}, locked)).toThrow(new ConfigError('.env', 'cannot be read (EACCES)'))
  })
})

describe('a secret in a file', () => {
  const url = 'postgres://u:p@h/db'

  test.each(['', '\n', '\r\n'])('loses one line end at most: %j', end => {
    expect(load({ TURN_SECRET_FILE: '/s' }, { '/s': ` hush \n${end}` }).turn.secret).toBe(
      end === '' ? ' hush ' : ' hush \n',
    )
    expect(load({ DATABASE_URL_FILE: '/s' }, { '/s': url + end }).databaseUrl).toBe(url)
  })

  test('beside the variable itself is refused', () => {
    expect(() => load({ DATABASE_URL: url, DATABASE_URL_FILE: '/s' }, { '/s': url })).toThrow(
      'DATABASE_URL: is set beside DATABASE_URL_FILE; set one of the two',
    )
  })

  test('in .env gives way to the variable in the real environment', () => {
    const config = load({ DATABASE_URL: url }, { '.env': 'DATABASE_URL_FILE=/gone' })
    expect(config.databaseUrl).toBe(url)
  })

  test('named in the real environment wins over the variable in .env', () => {
    const files = { '.env': 'DATABASE_URL=postgres://other/db', '/s': url }
    expect(load({ DATABASE_URL_FILE: '/s' }, files).databaseUrl).toBe(url)
  })

  test('that is not there or empty is named', () => {
    expect(() => load({ TURN_SECRET_FILE: '/gone' })).toThrow(
      'TURN_SECRET_FILE: "/gone" cannot be read (ENOENT)',
    )
    expect(() => load({ TURN_SECRET_FILE: '/s' }, { '/s': '\n' })).toThrow('TURN_SECRET_FILE: "/s" is empty')
  })

  test('with a bad value is not shown', () => {
    const bad = () => load({ DATABASE_URL_FILE: '/s' }, { '/s': 'open sesame' })
    expect(bad).toThrow(/^DATABASE_URL: the value \(not shown\) is not a PostgreSQL URL/)
    expect(bad).not.toThrow(/sesame/)
  })

  test('is read for secrets alone', () => {
    expect(load({ API_PORT_FILE: '/gone' }).apiPort).toBe(8080)
  })
})

test('every variable tells where it comes from', () => {
  const readings = readSettings(
    { API_PORT: '1', TURN_SECRET_FILE: '/s' },
    files({ '.env': 'HOST=::1', '/s': 'hush' }),
  )
  const source = (name: string) => readings.find(reading => reading.name === name)?.source
  expect(source('API_PORT')).toBe('environment')
  expect(source('HOST')).toBe('.env')
  expect(source('TURN_SECRET')).toBe('file /s')
  expect(source('ROLE')).toBe('default')
})

describe('variables that do not go together', () => {
  const all = {
    GMAIL_USER: 'a@b.c',
    GMAIL_CLIENT_ID: 'i',
    GMAIL_CLIENT_SECRET: 's',
    GMAIL_REFRESH_TOKEN: 'r',
  }
  const without = (name: keyof typeof all) =>
    Object.fromEntries(Object.entries(all).filter(([n]) => n !== name))

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a role apart, no database',
      { ROLE: 'api' },
      /^DATABASE_URL: must be set when ROLE=api is: .*postgres:/,
    ],
    ['a role apart, no database', { ROLE: 'signal' }, /^DATABASE_URL: /],
    ['a cluster, no database', { NATS_URL: 'nats://n' }, /^DATABASE_URL: must be set when NATS_URL is/],
    [
      'a secret before, none now',
      { TURN_SECRET_PREVIOUS: 'x' },
      /^TURN_SECRET: must be set when TURN_SECRET_PREVIOUS is/,
    ],
    ['TURN, no secret', { TURN_URLS: 'turn:t' }, /^TURN_SECRET: must be set when TURN_URLS is/],
    ['a certificate, no key', { TLS_CERT_FILE: 'c' }, /^TLS_KEY_FILE: must be set when TLS_CERT_FILE is/],
    ['a key, no certificate', { TLS_KEY_FILE: 'k' }, /^TLS_CERT_FILE: must be set when TLS_KEY_FILE is/],
    ['Gmail, no user', without('GMAIL_USER'), /^GMAIL_USER: must be set/],
    ['Gmail, no client', without('GMAIL_CLIENT_ID'), /^GMAIL_CLIENT_ID: must be set/],
    ['Gmail, no client secret', without('GMAIL_CLIENT_SECRET'), /^GMAIL_CLIENT_SECRET: must be set/],
    ['Gmail, no refresh token', without('GMAIL_REFRESH_TOKEN'), /^GMAIL_REFRESH_TOKEN: must be set/],
    ['Gmail and SMTP', { ...all, SMTP_URL: 'smtp://m' }, /^SMTP_URL: is set beside GMAIL_USER/],
    ['one port twice', { API_PORT: '4000' }, /^SIGNAL_PORT: 4000 is the port of API_PORT too/],
    ['a public admin port', { API_PORT: '9090' }, /^ADMIN_PORT: 9090 is the port of API_PORT too/],
  ])('%s', (_, env, message) => {
    expect(() => load(env)).toThrow(message)
  })

  test('what a role does not listen on may repeat', () => {
    const env = { ROLE: 'api', DATABASE_URL: 'postgres://h/d', API_PORT: '4000' }
    expect(load(env).apiPort).toBe(4000)
    expect(load({ API_PORT: '0', SIGNAL_PORT: '0', ADMIN_PORT: '0' }).apiPort).toBe(0)
  })
})
