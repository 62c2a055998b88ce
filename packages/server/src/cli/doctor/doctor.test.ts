import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { smtpServer } from '../../mail/testing.js'
import { rotateKeys } from '../../sessions/key-file.js'
import { testDatabase } from '../../storage/testing.js'
import { startCoturn } from '../../turn/coturn.testing.js'
import type { World } from '../world.js'
import { doctor } from './doctor.js'
import { nodeVersion, openFiles } from './machine.js'

let dir: string
let taken: Server
let stun: Socket
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-doctor-'))
  taken = createServer(socket => socket.end()).listen(0, '127.0.0.1')
  await once(taken, 'listening')
  stun = createSocket('udp4').bind(0, '127.0.0.1')
  await once(stun, 'listening')
  // A Binding success response: RFC 8489 section 5.
  stun.on('message', (request, { port, address }) => {
    const response = Buffer.concat([Buffer.from([0x01, 0x01, 0, 0]), request.subarray(4, 20)])
    stun.send(response, port, address)
  })
})
afterAll(async () => {
  taken.close()
  stun.close()
  await rm(dir, { recursive: true, force: true })
})

const portOf = (server: Server | Socket) => (server.address() as AddressInfo).port

interface Found {
  readonly check: string
  readonly status: string
  readonly detail: string
  readonly advice?: string
}

async function examine(
  env: Record<string, string>,
  dotEnv?: string,
  terminal: Partial<World['terminal']> = {},
) {
  const out: string[] = []
  const world: World = {
    env: {
      HOST: '127.0.0.1',
      API_PORT: '0',
      SIGNAL_PORT: '0',
      ADMIN_PORT: '0',
      DATA_DIR: join(dir, 'data'),
      TOKEN_KEY_FILE: join(dir, 'none.key'),
      ...env,
    },
    readFile: () => {
      if (dotEnv !== undefined) return dotEnv
      throw Object.assign(new Error('none'), { code: 'ENOENT' })
    },
    askSecret: async () => '',
    terminal: {
      out: line => void out.push(line),
      err: () => {},
      isTerminal: false,
      colour: false,
      ...terminal,
    },
    process: { onStop: () => {}, tell: () => {}, onFault: () => {}, exit: () => {} },
  }
  return { out, world }
}

async function findings(env: Record<string, string>, dotEnv?: string) {
  const { world, out } = await examine(env, dotEnv)
  const code = await doctor(world, { json: true, settings: true })
  const { ok, checks, settings } = JSON.parse(out.join('\n')) as {
    ok: boolean
    checks: Found[]
    settings: { name: string; value: string; source: string }[]
  }
  expect(code).toBe(ok ? 0 : 1)
  for (const { status, advice } of checks) expect(advice !== undefined).toBe(status !== 'ok')
  return { ok, settings, of: (name: string) => checks.filter(({ check }) => check === name) }
}

test('on an empty place all is well, but for what is not set up', async () => {
  const { ok, of } = await findings({})
  expect(ok).toBe(true)
  expect(of('data directory')[0]?.detail).toContain('the first start makes the database')
  expect(of('token key')).toMatchObject([{ status: 'ok' }])
  expect(of('mail')).toMatchObject([{ status: 'warning' }])
  expect(of('TURN')).toMatchObject([{ status: 'warning' }])
})

describe('configuration', () => {
  test('every fault is told, and nothing else is looked at', async () => {
    const { ok, of } = await findings({ API_PORT: 'x', ROLE: 'y' })
    expect(ok).toBe(false)
    expect(of('configuration').map(({ detail }) => detail.split(':')[0])).toEqual(['API_PORT', 'ROLE'])
    expect(of('database')).toEqual([])
  })

  test('variables that do not go together, and .env with a slip of the pen', async () => {
    expect((await findings({ ROLE: 'api' })).of('configuration')).toMatchObject([{ status: 'failure' }])
    const { of } = await findings({}, 'API_PROT=1\nPATH_TO=x\n')
    const slips = of('configuration').filter(({ status }) => status === 'warning')
    expect(slips).toMatchObject([{ advice: 'did you mean API_PORT?' }])
    expect(slips[0]?.detail).toContain('API_PROT')
  })

  test('lists every setting with its source, secrets unseen', async () => {
    const { settings } = await findings({ TURN_SECRET: 'open sesame' }, 'LOG_LEVEL=warn')
    const one = (name: string) => settings.find(setting => setting.name === name)
    expect(one('TURN_SECRET')).toEqual({ name: 'TURN_SECRET', value: '(set)', source: 'environment' })
    expect(one('LOG_LEVEL')).toEqual({ name: 'LOG_LEVEL', value: 'warn', source: '.env' })
    expect(one('ROLE')).toEqual({ name: 'ROLE', value: 'all', source: 'default' })
    expect(JSON.stringify(settings)).not.toContain('sesame')
  })
})

describe('database', () => {
  test('a migrated one is well, an empty one has something to go', async () => {
    const migrated = await testDatabase()
    const { of, ok } = await findings({ DATABASE_URL: migrated.url })
    expect(ok).toBe(true)
    expect(of('database').map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^PostgreSQL \d+\S* answers$/),
      'schema up to date',
    ])
    expect(of('data directory')).toEqual([])
    await migrated.close()

    const empty = await testDatabase({ migrated: false })
    const found = (await findings({ DATABASE_URL: empty.url })).of('database')
    expect(found[1]).toMatchObject({ status: 'warning', detail: expect.stringMatching(/migrations to go/) })
    await empty.close()
  })

  test('one of another version is a failure', async () => {
    const other = await testDatabase()
    const text = `insert into schema_migrations (version, name, checksum) values (9999, 'of_the_future', 'x')`
    await other.database.query({ name: 'future', text })
    expect((await findings({ DATABASE_URL: other.url })).of('database')[1]).toMatchObject({
      status: 'failure',
    })
    await other.close()
  })

  test('one that is away is a failure without its password', async () => {
    const { of } = await findings({ DATABASE_URL: 'postgres://u:sesame@127.0.0.1:1/d' })
    expect(of('database')).toMatchObject([
      { status: 'failure', detail: expect.stringContaining('ECONNREFUSED') },
    ])
    expect(JSON.stringify(of('database'))).not.toContain('sesame')
  })
})

test('token key: kind, strength, privacy', async () => {
  const file = join(dir, 'token.key')
  await writeFile(file, 'no key')
  expect((await findings({ TOKEN_KEY_FILE: file })).of('token key')).toMatchObject([{ status: 'failure' }])
  await rm(file)
  await writeFile(file, await weakKey())
  await chmod(file, 0o644)
  const lax = (await findings({ TOKEN_KEY_FILE: file })).of('token key')
  expect(lax).toMatchObject([{ detail: expect.stringContaining('2048 bits') }, { status: 'warning' }])
  const strict = await findings({ TOKEN_KEY_FILE: file, SECURITY_PROFILE: 'strict' })
  expect(strict.of('token key')[1]).toMatchObject({ status: 'failure', advice: `run: chmod 600 ${file}` })
  await rotateKeys(file, 'rsa')
  const strong = (await findings({ TOKEN_KEY_FILE: file })).of('token key')
  expect(strong).toMatchObject([{ status: 'ok', detail: expect.stringContaining('RS256, 4096 bits') }])
})

async function weakKey(): Promise<string> {
  const { generateKeyPairSync } = await import('node:crypto')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
}

test('a mail server that hangs up is a failure with its name', async () => {
  const { of } = await findings({ SMTP_URL: `smtp://me:sesame@127.0.0.1:${portOf(taken)}` })
  expect(of('mail')).toMatchObject([{ status: 'failure' }])
  expect(of('mail')[0]?.detail).toContain(`127.0.0.1:${portOf(taken)}`)
  expect(JSON.stringify(of('mail'))).not.toContain('sesame')
})

test('a mail server that takes our login, and one that does not', async () => {
  const smtp = await smtpServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ password }, _, callback) =>
      password === 'right' ? callback(null, { user: 'me' }) : callback(new Error('no')),
  })
  const as = (password: string) => findings({ SMTP_URL: `smtp://me:${password}@127.0.0.1:${smtp.port}` })
  expect((await as('right')).of('mail')).toMatchObject([{ status: 'ok' }])
  const wrong = (await as('sesame')).of('mail')
  expect(wrong).toMatchObject([{ status: 'failure', advice: expect.stringContaining('user and password') }])
  expect(JSON.stringify(wrong)).not.toContain('sesame')
  expect(smtp.received).toEqual([])
  await smtp.close()
})

test('TURN: who answers, who does not, and a short secret', async () => {
  const coturn = await startCoturn({ secrets: ['short'] })
  const { ok, of } = await findings({
    TURN_URLS: `turn:127.0.0.1:${coturn.port},turn:127.0.0.1:${portOf(taken)}?transport=tcp`,
    STUN_URLS: `stun:127.0.0.1:${portOf(stun)}`,
    TURN_SECRET: 'short',
  })
  await coturn.stop()
  expect(ok).toBe(false)
  expect(of('TURN').map(({ status }) => status)).toEqual(['ok', 'failure', 'ok', 'warning'])
  expect(JSON.stringify(of('TURN'))).not.toContain('short"')
})

test('TURN: a secret that the server does not know, one that it no longer knows, and what is no TURN server', async () => {
  const [north, south] = ['north'.repeat(8), 'south'.repeat(8)]
  const coturn = await startCoturn({ secrets: [north] })
  const found = async (env: Record<string, string>) => {
    const { of } = await findings({ TURN_URLS: `turn:127.0.0.1:${coturn.port}`, ...env })
    return of('TURN')
  }
  expect(await found({ TURN_SECRET: south })).toMatchObject([
    { status: 'failure', detail: expect.stringContaining('does not know the secret (401)') },
  ])
  expect(await found({ TURN_SECRET: north, TURN_SECRET_PREVIOUS: south })).toMatchObject([
    { status: 'warning', detail: expect.stringContaining('no longer knows TURN_SECRET_PREVIOUS') },
  ])
  await coturn.addSecret(south)
  expect(await found({ TURN_SECRET: south, TURN_SECRET_PREVIOUS: north })).toMatchObject([
    { status: 'ok', detail: expect.stringContaining('both secrets') },
  ])
  await coturn.stop()
  const mere = await found({ TURN_URLS: `turn:127.0.0.1:${portOf(stun)}`, TURN_SECRET: north })
  expect(mere).toMatchObject([{ status: 'failure', detail: expect.stringContaining('gives no relay') }])
})

test('a port that another program has, and a host that is not ours', async () => {
  const { of } = await findings({ API_PORT: String(portOf(taken)) })
  expect(of('ports')).toMatchObject([
    { status: 'failure', advice: 'stop it, or set another API_PORT' },
    { status: 'ok' },
    { status: 'ok', detail: 'ADMIN_PORT: any free port' },
  ])
  const elsewhere = (await findings({ HOST: '192.0.2.1' })).of('ports')
  expect(elsewhere[0]).toMatchObject({
    status: 'failure',
    detail: 'HOST=192.0.2.1 is no address of this machine',
  })
})

test('a data directory that is a file', async () => {
  const file = join(dir, 'file')
  await writeFile(file, '')
  const { of } = await findings({ DATA_DIR: join(file) })
  expect(of('data directory')).toMatchObject([{ status: 'failure' }])
})

test('what runs us', () => {
  expect(nodeVersion('18.20.0')).toMatchObject([{ status: 'failure' }])
  expect(nodeVersion('20.18.9')).toMatchObject([{ status: 'failure' }])
  expect(nodeVersion('20.19.0')).toMatchObject([{ status: 'warning' }])
  expect(nodeVersion('24.1.0')).toMatchObject([{ status: 'ok' }])
  expect(openFiles(1024)).toMatchObject([{ status: 'warning' }])
  expect(openFiles(65_536)).toMatchObject([{ status: 'ok' }])
  expect(openFiles('unlimited')).toMatchObject([{ status: 'ok' }])
  expect(openFiles(undefined)).toMatchObject([{ status: 'ok' }])
})

describe('printed', () => {
  test('plain for programs, with signs and colours for people', async () => {
    const plain = await examine({ API_PORT: 'x' })
    expect(await doctor(plain.world, {})).toBe(1)
    expect(plain.out[0]).toMatch(/^FAIL configuration {2}API_PORT: "x"/)
    expect(plain.out[1]).toMatch(/^ +-> set API_PORT right/)
    expect(plain.out.at(-1)).toMatch(/^1 failure, \d warnings?\.$/)
    expect(plain.out.join('')).not.toContain('\u001B')

    const person = await examine({ API_PORT: 'x' }, undefined, { isTerminal: true, colour: true })
    await doctor(person.world, { settings: true })
    expect(person.out[0]).toContain('\u001B[31m✗\u001B[39m')
    expect(person.out.join('\n')).toContain('SETTING')
  })
})
