import { createPrivateKey } from 'node:crypto'
import {
  chmod,
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  generateKey,
  isOpenToOthers,
  previousKeyFile,
  readKey,
  replaceKey,
  rotateKeys,
  versionOf,
} from './key-file.js'

// The real ones, but for the moments in which a test has a file system do without.
vi.mock('node:fs/promises', async original => {
  const real = await original<typeof import('node:fs/promises')>()
  return { ...real, link: vi.fn(real.link), copyFile: vi.fn(real.copyFile) }
})

const failure = (code: string) => Object.assign(new Error(`${code}: of the file system`), { code })

let dir: string
let file: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-key-file-'))
  file = join(dir, 'token.key')
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(dir, { recursive: true })
})

const modeOf = async (path: string) => (await stat(path)).mode & 0o777

describe('a new key', () => {
  test('is made once, in a directory of its own, and what is there is left alone', async () => {
    const deep = join(dir, 'a', 'b', 'token.key')
    expect(await generateKey(deep)).toBe('made')
    expect(await modeOf(join(dir, 'a', 'b'))).toBe(0o700)
    const before = await readFile(deep, 'utf8')
    expect(await generateKey(deep)).toBe('exists')
    expect(await readFile(deep, 'utf8')).toBe(before)
    expect(await readdir(join(dir, 'a', 'b'))).toEqual(['token.key'])
  })

  test.each([
    ['p256', { asymmetricKeyType: 'ec', asymmetricKeyDetails: { namedCurve: 'prime256v1' } }],
    ['ed25519', { asymmetricKeyType: 'ed25519' }],
    ['rsa', { asymmetricKeyType: 'rsa', asymmetricKeyDetails: { modulusLength: 4096 } }],
  ] as const)('of %s is one', async (kind, details) => {
    await generateKey(file, kind)
    expect(createPrivateKey(await readFile(file))).toMatchObject(details)
  })

  test.each(['EPERM', 'ENOTSUP', 'ENOSYS'])(
    'is made on a file system without hard links (%s), over nothing that came first',
    async code => {
      vi.mocked(link).mockRejectedValueOnce(failure(code))
      expect(await generateKey(file)).toBe('made')
      expect(await modeOf(file)).toBe(0o600)
      const before = await readFile(file, 'utf8')
      vi.mocked(link).mockRejectedValueOnce(failure(code))
      expect(await generateKey(file)).toBe('exists')
      expect(await readFile(file, 'utf8')).toBe(before)
      expect(await readdir(dir)).toEqual(['token.key'])
    },
  )

  test('that cannot be put in its place leaves nothing behind and says why', async () => {
    vi.mocked(link).mockRejectedValueOnce(failure('EIO'))
    await expect(generateKey(file)).rejects.toThrow('EIO')
    vi.mocked(link).mockRejectedValueOnce(failure('EPERM'))
    vi.mocked(copyFile).mockRejectedValueOnce(failure('ENOSPC'))
    await expect(generateKey(file)).rejects.toThrow('ENOSPC')
    vi.mocked(link).mockRejectedValueOnce('EEXIST')
    await expect(generateKey(file)).rejects.toBe('EEXIST')
    expect(await readdir(dir)).toEqual([])
  })
})

describe('the key before it', () => {
  test('lies beside, under a name of its own', () => {
    expect(previousKeyFile('/keys/tokenSecret.key')).toBe('/keys/tokenSecret.previous.key')
    expect(previousKeyFile('/keys/token.pem')).toBe('/keys/token.previous.pem')
    expect(previousKeyFile('/keys/token')).toBe('/keys/token.previous.key')
  })

  test('is the owner’s alone, whoever could read it before', async () => {
    await generateKey(file)
    await chmod(file, 0o644)
    await rotateKeys(file, 'ed25519')
    expect(await modeOf(previousKeyFile(file))).toBe(0o600)
    expect(await modeOf(file)).toBe(0o600)
    expect((await readdir(dir)).sort()).toEqual(['token.key', 'token.previous.key'])
  })
})

describe('what cannot be done changes nothing', () => {
  test('a rotation with something in its way', async () => {
    await generateKey(file)
    const before = await readFile(file, 'utf8')
    await mkdir(join(previousKeyFile(file), 'in the way'), { recursive: true })
    await expect(rotateKeys(file)).rejects.toThrow()
    expect(await readFile(file, 'utf8')).toBe(before)
    expect((await readdir(dir)).sort()).toEqual(['token.key', 'token.previous.key'])
  })

  test('a rotation whose copy cannot be made', async () => {
    await generateKey(file)
    vi.mocked(copyFile).mockRejectedValueOnce(failure('ENOSPC'))
    await expect(rotateKeys(file)).rejects.toThrow('ENOSPC')
    expect(await readdir(dir)).toEqual(['token.key'])
  })

  test('a replacement with something in its way', async () => {
    await mkdir(join(file, 'in the way'), { recursive: true })
    await expect(replaceKey(file)).rejects.toThrow()
    expect(await readdir(dir)).toEqual(['token.key'])
  })
})

test('a key is replaced where there was but one', async () => {
  await generateKey(file)
  const before = await readKey(file)
  await replaceKey(file)
  expect((await readKey(file))?.kid).not.toBe(before?.kid)
})

describe('a key is read', () => {
  test('as none where there is no file', async () => {
    expect(await readKey(file)).toBeUndefined()
  })

  test('with one line where it cannot be', async () => {
    await mkdir(file)
    await expect(readKey(file)).rejects.toThrow(`TOKEN_KEY_FILE: ${file} cannot be read (EISDIR)`)
  })
})

describe('a change of the file', () => {
  test('shows, also when size and inode are the same and a microsecond went by', async () => {
    expect(await versionOf(file)).toBeUndefined()
    await writeFile(file, 'one')
    await utimes(file, 1_795_000_000.000001, 1_795_000_000.000001)
    const one = await versionOf(file)
    expect(await versionOf(file)).toBe(one)
    await writeFile(file, 'two')
    await utimes(file, 1_795_000_000.000002, 1_795_000_000.000002)
    expect(await versionOf(file)).not.toBe(one)
  })
})

describe('a file is open to others', () => {
  test.each([
    [0o600, false],
    [0o700, false],
    [0o640, true],
    [0o604, true],
    [0o601, true],
  ])('with mode %o: %s', async (mode, isOpen) => {
    await writeFile(file, 'key')
    await chmod(file, mode)
    expect(await isOpenToOthers(file)).toBe(isOpen)
  })

  test('not if there is none, nor where there are no such bits', async () => {
    expect(await isOpenToOthers(file)).toBe(false)
    await writeFile(file, 'key')
    await chmod(file, 0o644)
    vi.spyOn(process, 'platform', 'get').mockReturnValue('win32')
    expect(await isOpenToOthers(file)).toBe(false)
  })
})
