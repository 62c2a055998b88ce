import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../http/testing.js'
import type { Bus } from './bus.js'
import { natsBus } from './nats.js'
import { type NatsServer, startNats } from './nats.testing.js'
import { makeCredentials } from './nats-accounts.testing.js'
import type { NatsConfig } from './nats-dial.js'

const none = { credentialsFile: undefined, caFile: undefined }
const logged: { readonly msg: string; readonly reason?: string }[] = []
const log = pino({ level: 'warn' }, { write: line => void logged.push(JSON.parse(line)) })
const undo: (() => unknown)[] = []
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-nats-'))
})
afterAll(() => rm(dir, { recursive: true }))
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
  logged.length = 0
})

async function server(settings: readonly string[]): Promise<NatsServer> {
  const started = await startNats(settings)
  undo.push(started.stop)
  return started
}
const at = ({ url }: NatsServer, login = '', scheme = 'nats') =>
  url.replace('nats://', `${scheme}://${login}`).replace('127.0.0.1', 'localhost')

async function works(config: NatsConfig): Promise<Bus> {
  const bus = await natsBus(config, log)
  undo.push(bus.close)
  await bus.subscribe('x', ({ reply }) => reply('in')).ready
  expect(await bus.request('x', '', 5_000)).toBe('in')
  return bus
}

/** It waits, and the log says why; once the server takes it, it goes on by itself. */
async function waitsUntil(config: NatsConfig, refusing: NatsServer, reason: RegExp, settings: string[]) {
  const joining = natsBus(config, log)
  await expect.poll(() => logged.map(line => line.reason).join(), { timeout: 10_000 }).toMatch(reason)
  await refusing.kill()
  await server(['-p', new URL(refusing.url).port, ...settings])
  const bus = await joining
  undo.push(bus.close)
  expect(bus.isConnected()).toBe(true)
}

describe('a name and password', () => {
  const settings = ['--user', 'node', '--pass', 'p@ss/word']

  test('stand in the URL', async () => {
    await works({ url: at(await server(settings), 'node:p%40ss%2Fword@'), ...none })
  })

  test('that are wrong are waited for to be right, and stay out of the log', async () => {
    const refusing = await server(settings)
    const url = at(refusing, 'node:wrong-secret@')
    await waitsUntil({ url, ...none }, refusing, /authorization/i, [
      '--user',
      'node',
      '--pass',
      'wrong-secret',
    ])
    expect(JSON.stringify(logged)).not.toContain('wrong-secret')
  })
})

test('a token stands alone', async () => {
  await works({ url: at(await server(['--auth', 's3cr3t']), 's3cr3t@'), ...none })
})

test('a file of credentials is a JWT and its seed', async () => {
  const { configFile, credentialsFile } = await makeCredentials(dir)
  const strict = await server(['-c', configFile])
  await works({ url: at(strict), credentialsFile, caFile: undefined })
  await makeCredentials(dir) // of another operator, whom that server does not know
  await waitsUntil({ url: at(strict), credentialsFile, caFile: undefined }, strict, /authorization/i, [
    '-c',
    configFile,
  ])
})

describe('TLS', () => {
  let settings: string[]
  let caFile: string
  beforeAll(() => {
    const { certFile, keyFile } = makeCertificate(dir, 'localhost')
    settings = ['--tls', '--tlscert', certFile, '--tlskey', keyFile]
    caFile = certFile
  })

  test('with an authority of our own, and a password inside it', async () => {
    const tls = await server([...settings, '--user', 'node', '--pass', 'secret'])
    await works({ url: at(tls, 'node:secret@', 'tls'), credentialsFile: undefined, caFile })
  })

  test('a server that the authority did not sign gets nothing', async () => {
    const strange = makeCertificate(dir, 'strange')
    const files = ['--tls', '--tlscert', strange.certFile, '--tlskey', strange.keyFile]
    const refused = await server(files)
    const config = { url: at(refused, '', 'tls'), credentialsFile: undefined, caFile }
    await waitsUntil(config, refused, /certificate/i, settings)
  })

  test('a server without TLS gets no password from whoever asked for TLS', async () => {
    const plain = await server(['--user', 'node', '--pass', 'secret'])
    const config = { url: at(plain, 'node:secret@', 'tls'), credentialsFile: undefined, caFile }
    await waitsUntil(config, plain, /tls/i, settings)
  })

  test('its connection comes back as any other', async () => {
    const tls = await server(settings)
    const bus = await works({ url: at(tls, '', 'tls'), credentialsFile: undefined, caFile })
    const turns: boolean[] = []
    bus.onConnection(now => turns.push(now))
    await tls.kill()
    await tls.start()
    await expect.poll(() => turns, { timeout: 10_000 }).toEqual([false, true])
    expect(await bus.request('x', '', 5_000)).toBe('in')
  })
})

test('files that are not there stop the start, and say which', async () => {
  const url = 'nats://localhost:1'
  const missing = join(dir, 'missing')
  await expect(natsBus({ url, credentialsFile: missing, caFile: undefined }, log)).rejects.toThrow(
    'NATS_CREDS_FILE: the file cannot be read (ENOENT)',
  )
  await expect(natsBus({ url, credentialsFile: undefined, caFile: missing }, log)).rejects.toThrow(
    'NATS_CA_FILE: the file cannot be read (ENOENT)',
  )
})
