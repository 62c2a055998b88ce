import { execFile } from 'node:child_process'
import { mkdir, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { environment, linkLibraries, nativePrograms } from './native.js'
import { dataDirectory } from './testing-server.js'

test('the programs of this platform run', async () => {
  const native = await nativePrograms()
  for (const program of [native.initdb, native.postgres, native.pgCtl]) {
    const { stdout } = await promisify(execFile)(program, ['--version'], { env: environment() })
    expect(stdout).toMatch(/PostgreSQL\) \d+/)
  }
})

test('links to libraries are made where npm ran no install scripts', async () => {
  const directory = await dataDirectory()
  const native = join(directory, 'native')
  await mkdir(join(native, 'lib'), { recursive: true })
  await writeFile(
    join(native, 'pg-symlinks.json'),
    JSON.stringify([{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]),
  )
  await writeFile(join(native, 'lib', 'libpq.so.5.18'), '')
  await Promise.all([linkLibraries(native), linkLibraries(native)])
  await linkLibraries(native)
  expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18')
})

test('the programs inherit none of our secrets', () => {
  vi.stubEnv('SMTP_URL', 'smtp://user:secret@mail')
  expect(Object.keys(environment())).not.toContain('SMTP_URL')
  expect(environment()).toMatchObject({ LC_ALL: 'C', PATH: process.env.PATH })
  vi.unstubAllEnvs()
})
