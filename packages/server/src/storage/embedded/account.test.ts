import { execFile, spawnSync } from 'node:child_process'
import { chmod, chown, cp, mkdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { asAccount, chooseAccount } from './account.js'
import { nativePrograms } from './native.js'
import { embeddedStatus } from './status.js'
import { dataDirectory, open, Server, usedDirectory } from './testing-server.js'

const root = process.platform === 'linux' && process.getuid?.() === 0
const plain = { uid: 65534, gid: 65534 }
const here = fileURLToPath(import.meta.url)
const plainCanRead = root && spawnSync('test', ['-r', here], plain).status === 0

test.skipIf(root)('a plain user runs PostgreSQL as himself', async () => {
  const native = await nativePrograms()
  const { postgres } = native
  const account = await chooseAccount('/', native)
  expect(asAccount(account, postgres, ['-V'])).toEqual({ command: postgres, args: ['-V'], options: {} })
})

describe.runIf(root)('as root', () => {
  const ownerOf = async (path: string) => (await stat(path)).uid

  /** The user of the running PostgreSQL. */
  async function userOf(dataDir: string) {
    const { pid } = await embeddedStatus(dataDir)
    return ownerOf(`/proc/${pid}`)
  }

  test('PostgreSQL runs as somebody else, who owns the data', async () => {
    const dataDir = await dataDirectory()
    await chmod(dataDir, 0o755)
    const { stop } = await open(dataDir)
    const user = await userOf(dataDir)
    expect(user).not.toBe(0)
    expect(await ownerOf(join(dataDir, 'postgres', 'data'))).toBe(user)
    await stop()
  })

  test('also in a directory that only root may enter, like a clone in /root', async () => {
    const closed = await dataDirectory()
    await chmod(closed, 0o700)
    const dataDir = join(closed, 'clone', 'data')
    const first = await open(dataDir)
    expect(await userOf(dataDir)).not.toBe(0)
    await first.stop()
    const second = await open(dataDir)
    expect(second.adopted).toBe(false)
    await second.stop()
  })

  test('also when its programs are in such a directory', async () => {
    const closed = await dataDirectory()
    await chmod(closed, 0o700)
    const { root: installed, ...native } = await nativePrograms()
    await cp(installed, join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
    const moved = (program: string) => join(closed, 'native', relative(installed, program))
    const account = await chooseAccount(join(closed, 'postgres'), {
      root: moved(installed),
      initdb: moved(native.initdb),
      postgres: moved(native.postgres),
      pgCtl: moved(native.pgCtl),
    })
    const { command, args, options } = asAccount(account, moved(native.postgres), ['--describe-config'])
    const { stdout } = await promisify(execFile)(command, args, options)
    expect(stdout).toContain('shared_buffers')
  })

  test('where that cannot be, one line says what to do', async () => {
    const closed = await dataDirectory()
    vi.stubEnv('PATH', '/nowhere')
    try {
      await expect(open(closed)).rejects.toThrow(
        new RegExp(`may not enter ${closed}: run as a plain user, set DATA_DIR .* chmod o\\+x ${closed}$`),
      )
    } finally {
      vi.unstubAllEnvs()
    }
  })

  test('data that root restored from a backup is handed over, data of a user stays his', async () => {
    const restored = await usedDirectory()
    expect(await ownerOf(join(restored, 'postgres', 'data', 'base'))).toBe(0)
    const { stop } = await open(restored)
    expect(await ownerOf(join(restored, 'postgres', 'data', 'base'))).toBe(await userOf(restored))
    await stop()

    const his = await dataDirectory()
    await mkdir(join(his, 'postgres'), { mode: 0o700 })
    await chown(join(his, 'postgres'), plain.uid, plain.gid)
    expect((await chooseAccount(join(his, 'postgres'), await nativePrograms())).owner).toEqual(plain)
  })

  test.runIf(plainCanRead)('and as a plain user it is his own, which root can use too', async () => {
    const dataDir = await dataDirectory()
    await chown(dataDir, plain.uid, plain.gid)
    for (let start = 1; start <= 2; start++) {
      const server = new Server(dataDir, 'stay', plain)
      expect(await server.open()).toBe('found 0 missing 0')
      expect(await userOf(dataDir)).toBe(plain.uid)
      await server.close()
    }
    const { stop } = await open(dataDir)
    expect(await userOf(dataDir)).toBe(plain.uid)
    await stop()
  })

  test.runIf(plainCanRead)('a plain user is told whose data it is', async () => {
    const dataDir = await dataDirectory()
    await chmod(dataDir, 0o755)
    await (await open(dataDir)).stop()
    const server = new Server(dataDir, 'stay', plain)
    expect(await server.open()).toMatch(/^refused cannot read .*postgres \(EACCES\): run as the user that it/)
  })
})
