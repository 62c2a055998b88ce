import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import { replaceKey, rotateKeys } from './key-file.js'
import { type KeyRingDeps, openKeyRing } from './keys.js'

let dir: string
let file: string
let logged: string[]
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-keys-'))
  file = join(dir, 'keys', 'tokenSecret.key')
  logged = []
})
afterEach(() => rm(dir, { recursive: true }))

const log = pino({}, { write: line => void logged.push(line) })
const open = (more: Partial<KeyRingDeps> = {}) =>
  openKeyRing({ file, strict: false, clock: systemClock, log, ...more })
const put = (pem: string | Buffer, mode = 0o600) => {
  file = join(dir, 'tokenSecret.key')
  return writeFile(file, pem, { mode })
}
const pem = (key: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer }) =>
  key.export({ type: 'pkcs8', format: 'pem' })

describe('no key', () => {
  test('one is made that its owner alone can read, and it is there after a restart', async () => {
    const made = await (await open()).signing()
    expect(made.alg).toBe('ES256')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await (await open()).signing()).kid).toBe(made.kid)
    expect(await readdir(join(dir, 'keys'))).toEqual(['tokenSecret.key'])
  })

  test('twenty that start at once on one directory end with one key', async () => {
    const rings = await Promise.all(Array.from({ length: 20 }, () => open()))
    const kids = await Promise.all(rings.map(async ring => (await ring.signing()).kid))
    expect(new Set(kids).size).toBe(1)
    expect(await readdir(join(dir, 'keys'))).toEqual(['tokenSecret.key'])
  })

  test('a directory that cannot be made stops the start with one line', async () => {
    await writeFile(join(dir, 'keys'), 'a file is in the way')
    await expect(open()).rejects.toThrow(/^TOKEN_KEY_FILE: [^\n]+$/)
  })
})

describe('a key that is there', () => {
  test.each([
    ['of OpenSSL 3 (PKCS#8)', []],
    ['of OpenSSL 1.1 (PKCS#1)', ['-traditional']],
  ])('made by openssl genrsa %s signs RS256', async (_name, more) => {
    await put(execFileSync('openssl', ['genrsa', ...more, '2048'], { stdio: ['ignore', 'pipe', 'ignore'] }))
    const key = await (await open()).signing()
    expect(key.alg).toBe('RS256')
    expect(key.jwk).toMatchObject({ kty: 'RSA', use: 'sig', alg: 'RS256', kid: key.kid })
    expect(Object.keys(key.jwk)).not.toContain('d')
  })

  test('of P-256 signs ES256, of Ed25519 EdDSA', async () => {
    await put(pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey))
    expect((await (await open()).signing()).alg).toBe('ES256')
    await put(pem(generateKeyPairSync('ed25519').privateKey))
    expect((await (await open()).signing()).alg).toBe('EdDSA')
  })

  test.each([
    ['a short RSA key', () => pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
    ['another curve', () => pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey)],
    ['another kind', () => pem(generateKeyPairSync('x25519').privateKey)],
    ['a public key', () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })],
    ['a secret of bytes', () => 'thisIsMySecret'],
    ['nothing', () => ''],
  ])('%s stops the start with one line that names the variable and the file', async (_name, make) => {
    await put(make())
    await expect(open()).rejects.toThrow(/^TOKEN_KEY_FILE: \S+tokenSecret\.key [^\n]+$/)
  })

  test('readable by others: a warning with the command, and in the strict profile no start', async () => {
    await put(pem(generateKeyPairSync('ed25519').privateKey))
    await chmod(file, 0o644)
    await open()
    expect(logged.join()).toContain(`chmod 600 ${file}`)
    await expect(open({ strict: true })).rejects.toThrow(`chmod 600 ${file}`)
  })
})

describe('rotation', () => {
  test('the old key verifies on, both are shown, and a running server finds the new one by itself', async () => {
    let now = 0
    const ring = await open({ clock: { wall: Date.now, monotonic: () => now } })
    const old = await ring.signing()
    const { kid, previousKid } = await rotateKeys(file)
    expect(previousKid).toBe(old.kid)
    expect(await readFile(join(dir, 'keys', 'tokenSecret.previous.key'), 'utf8')).toContain('PRIVATE KEY')

    expect((await ring.signing()).kid).toBe(old.kid) // not looked at yet
    expect((await ring.byId(kid))?.kid).toBe(kid) // an unknown id is worth a look
    expect((await ring.byId(old.kid))?.kid).toBe(old.kid)
    expect(ring.jwks().keys.map(key => key.kid)).toEqual([kid, old.kid])

    const next = await rotateKeys(file)
    now += 1_000
    expect((await ring.signing()).kid).toBe(next.kid)
    expect(await ring.byId(old.kid)).toBeUndefined()
  })

  test('what the older key sealed can still be opened', async () => {
    const ring = await open()
    const [before] = await ring.secrets('outbox')
    const { kid } = await rotateKeys(file)
    await ring.byId(kid)
    const [now, older] = await ring.secrets('outbox')
    expect(older).toEqual(before)
    expect(now).not.toEqual(before)
    expect((await ring.secrets('codes'))[0]).not.toEqual(now)
  })

  test('a key broken while the server runs is reported, and the known one goes on', async () => {
    let now = 0
    const ring = await open({ clock: { wall: Date.now, monotonic: () => now } })
    const { kid } = await ring.signing()
    await writeFile(file, 'broken')
    now += 1_000
    expect((await ring.signing()).kid).toBe(kid)
    expect(logged.join()).toContain('TOKEN_KEY_FILE')
  })

  test('a replaced key is gone, and the one before it too', async () => {
    let now = 0
    const ring = await open({ clock: { wall: Date.now, monotonic: () => now } })
    const { kid } = await ring.signing()
    await rotateKeys(file, 'p256')
    await replaceKey(file, 'ed25519')
    now += 1_000
    expect((await ring.signing()).alg).toBe('EdDSA')
    expect(ring.knows(kid)).toBe(false)
    expect(ring.jwks().keys).toHaveLength(1)
    expect(await readdir(join(dir, 'keys'))).toEqual(['tokenSecret.key'])
  })

  test('is told to whoever must know, once, and what it does wrong stops nobody', async () => {
    const clock = { ...systemClock, monotonic: () => (now += 2_000) }
    let now = 0
    const ring = await open({ clock })
    const heard: string[] = []
    ring.onChange(async () => {
      heard.push('first')
      throw new Error('broken')
    })
    ring.onChange(async () => void heard.push('second'))
    await ring.signing()
    expect(heard).toEqual([])
    const { kid } = await rotateKeys(file)
    expect((await ring.signing()).kid).toBe(kid)
    await ring.signing()
    expect(heard).toEqual(['first', 'second'])
  })

  test('without a key there is nothing to rotate', async () => {
    await expect(rotateKeys(file)).rejects.toThrow(/^TOKEN_KEY_FILE: [^\n]+$/)
  })
})
