import { execFile } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectDevice } from '../device.js'
import { login, person, register } from '../people.js'
import { loadSql, type Postgres, startPostgres } from '../postgres.js'
import { type Env, type Product, root, startProduct } from '../product.js'
import { request } from '../rest-client.js'

const made: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const undo of made.reverse()) await undo()
})

async function workDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-setup-'))
  made.push(() => rm(dir, { recursive: true, force: true, maxRetries: 10 }))
  return dir
}

async function start(dir: string, env: Env = {}): Promise<Product> {
  const product = await startProduct({ dir, env })
  made.push(() => product.dispose())
  return product
}

const restOf =
  (product: Product) =>
  (...[method, path, options]: Parameters<typeof request> extends [string, ...infer Rest] ? Rest : never) =>
    request(product.api, method, path, options)

async function tokenOf(product: Product) {
  const who = person()
  await register(restOf(product), who)
  const token = await login(restOf(product), who)
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as {
    alg: string
    kid: string
  }
  return { account: { ...who, token }, token, header }
}

/** `openssl genrsa -out tokenSecret.key 4096`; the same kind of file where there is no openssl. */
async function opensslKey(file: string): Promise<void> {
  try {
    await promisify(execFile)('openssl', ['genrsa', '-out', file, '4096'])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 4096 })
    await writeFile(file, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 })
  }
}

describe('the key', () => {
  it("made by the seed's openssl command is used as it is", async () => {
    const dir = await workDir()
    await mkdir(join(dir, 'keys'))
    const file = join(dir, 'keys', 'tokenSecret.key')
    await opensslKey(file)
    const before = await readFile(file, 'utf8')
    const product = await start(dir)
    const { token, header } = await tokenOf(product)
    expect(header.alg).toBe('RS256')
    const { body } = await request(product.api, 'GET', '/.well-known/jwks.json')
    const published = (body.keys as JsonWebKey[]).find(key => key.kid === header.kid)
    expect(published?.n).toBe(createPublicKey(before).export({ format: 'jwk' }).n)
    expect(await readFile(file, 'utf8')).toBe(before)
    await product.stop()
    await product.start()
    expect((await request(product.api, 'GET', '/get_user', { token })).status).toBe(200)
    await product.stop()
  })

  it.each(['pkcs1', 'pkcs8'] as const)('as %s RSA is taken alike', async type => {
    const dir = await workDir()
    await mkdir(join(dir, 'keys'))
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await writeFile(join(dir, 'keys', 'tokenSecret.key'), privateKey.export({ type, format: 'pem' }))
    const product = await start(dir)
    expect((await tokenOf(product)).header.alg).toBe('RS256')
    await product.stop()
  })

  it('is made at the first start where there is none, readable by its owner alone, and stays', async () => {
    const dir = await workDir()
    const product = await start(dir)
    const { token, header } = await tokenOf(product)
    expect(['EdDSA', 'Ed25519', 'ES256']).toContain(header.alg)
    const file = join(dir, 'keys', 'tokenSecret.key')
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o077).toBe(0)
    await product.kill()
    await product.start()
    expect((await request(product.api, 'GET', '/get_user', { token })).status).toBe(200)
    await product.stop()
  })
})

describe('a start that cannot be', () => {
  const refused = async (env: Env, dir?: string) => {
    const where = dir ?? (await workDir())
    const error: unknown = await startProduct({ dir: where, env }).then(
      async product => {
        await product.dispose()
        return 'it started'
      },
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(Error)
    const { message } = error as Error
    expect(message).toMatch(/exit code [1-9]/)
    expect(message).not.toMatch(/\n\s+at /)
    return message
  }

  it.each([
    ['API_PORT', 'many'],
    ['API_PORT', '70000'],
    ['SIGNAL_PORT', '-1'],
    ['DATABASE_URL', 'not a url'],
    ['NUMBERING_PLAN', 'closed'],
    ['SECURITY_PROFILE', 'lax'],
    ['RING_TIMEOUT_SECONDS', 'soon'],
    ['RESUME_WINDOW_SECONDS', '-3'],
    ['TOKEN_TTL_SECONDS', '0'],
    ['LOG_LEVEL', 'loud'],
    ['RATE_LIMITS', 'sometimes'],
    ['ROLE', 'king'],
    ['SMTP_URL', 'http://mail.example.org'],
    ['TLS_CERT_FILE', '/no/such/file'],
  ])('names the variable: %s=%s', async (name, value) => {
    const message = await refused({ [name]: value })
    expect(message).toContain(name)
    expect(message.trim().split('\n').length).toBeLessThanOrEqual(3)
  })

  it('says of a key file that it holds no key', async () => {
    const dir = await workDir()
    await mkdir(join(dir, 'keys'))
    await writeFile(join(dir, 'keys', 'tokenSecret.key'), 'not a key\n')
    expect(await refused({}, dir)).toMatch(/TOKEN_KEY_FILE|tokenSecret\.key/)
  })

  it('refuses a second server on the same directory with one clear line, and the first goes on', async () => {
    const dir = await workDir()
    const first = await start(dir)
    const message = await refused({}, dir)
    expect(message).toMatch(/data/)
    expect((await request(first.api, 'GET', '/health/ready')).status).toBe(200)
    await first.stop()
  })

  it('refuses a port in use, naming it', async () => {
    const first = await start(await workDir())
    const { port } = new URL(first.api)
    expect(await refused({ API_PORT: port })).toContain(port)
    await first.stop()
  })
})

describe('secrets from files, and a .env file', () => {
  it('are read', async () => {
    const dir = await workDir()
    await writeFile(join(dir, 'turn-secret'), 'a secret of thirty-two bytes or more, for TURN\n')
    await writeFile(join(dir, '.env'), 'HEARTBEAT_SECONDS=7\nTURN_URLS=turn:turn.example.org:3478\n')
    const product = await start(dir, { TURN_SECRET_FILE: join(dir, 'turn-secret') })
    const { account } = await tokenOf(product)
    const device = await connectDevice(product.signal, account)
    expect(device.hello.HEARTBEAT_SECONDS).toBe(7)
    const { body } = await request(product.api, 'GET', '/get_turn_credentials', { token: account.token })
    const [server] = body.ice_servers as Record<string, unknown>[]
    expect(server).toMatchObject({ username: expect.any(String), credential: expect.any(String) })
    expect(JSON.stringify(body)).not.toContain(account.phone_number)
    expect(product.logs()).not.toContain('a secret of thirty-two bytes')
    device.wire.socket.terminate()
    await product.stop()
  })
})

describe('a database of the operator', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres.stop())

  it("set up by hand with database.sql, then started, as the seed's reader does", async () => {
    const url = await postgres.database('by_hand')
    const file = join(root, 'database.sql')
    await loadSql(url, file, await readFile(file, 'utf8'))
    const product = await start(await workDir(), { DATABASE_URL: url })
    const { token } = await tokenOf(product)
    await product.stop()
    await product.start()
    expect((await request(product.api, 'GET', '/get_user', { token })).status).toBe(200)
    await product.stop()
    expect(product.logs()).not.toContain(url)
  })

  it('is set up by itself, once, when several start together', async () => {
    const url = await postgres.database('together')
    const products = await Promise.all([1, 2].map(async () => start(await workDir(), { DATABASE_URL: url })))
    for (const product of products) expect((await tokenOf(product)).token).toEqual(expect.any(String))
    for (const product of products) await product.stop()
  })
})

describe.skipIf(process.platform === 'win32')('directories', () => {
  it('that only their owner may enter will do', async () => {
    const outer = await workDir()
    await chmod(outer, 0o700)
    const product = await start(join(outer, 'inner'))
    await tokenOf(product)
    await product.stop()
  })
})
