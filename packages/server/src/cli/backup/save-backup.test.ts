import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { countRows, openBackup } from '../../storage/backup/read-backup.js'
import { readMigrations } from '../../storage/migration-files.js'
import { type TestDatabase, testDatabase } from '../../storage/testing.js'
import { CommandError } from '../exit-codes.js'
import { saveBackup } from './save-backup.js'

let store: TestDatabase
let dir: string
beforeAll(async () => {
  store = await testDatabase()
})
afterAll(() => store.close())
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'switchboard-save-'))
})
afterEach(() => rm(dir, { recursive: true }))

const save = async (where: string, signal = new AbortController().signal) =>
  saveBackup({
    connection: store.connection,
    where,
    migrations: await readMigrations(),
    program: '0.0.0',
    signal,
  })

test('in a directory the file is named by the time, and is its owner’s alone', async () => {
  const { file, bytes, summary } = await save(dir)
  const written = summary.taken.replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '')
  expect(file).toBe(join(dir, `switchboard-${written}.sql.gz`))
  expect(await readdir(dir)).toHaveLength(1)
  const { mode, size } = await stat(file)
  expect([mode & 0o777, size]).toEqual([0o600, bytes])
  const { read } = await openBackup(createReadStream(file).pipe(createGunzip()))
  expect(await read(countRows)).toEqual(summary)
})

test('a file that is there is left as it is', async () => {
  const file = join(dir, 'mine.sql.gz')
  await writeFile(file, 'mine')
  await expect(save(file)).rejects.toThrow(`${file} is there already: name another file`)
  expect((await stat(file)).size).toBe(4)
})

test('where nothing can be written it says so, and goes on living', async () => {
  await expect(save(join(dir, 'nowhere', 'file'))).rejects.toThrow('ENOENT')
})

test('told to stop, it leaves nothing behind', async () => {
  const stopping = new AbortController()
  const saving = save(join(dir, 'file'), stopping.signal)
  stopping.abort(new CommandError('stopped'))
  await expect(saving).rejects.toThrow('stopped')
  expect(await readdir(dir)).toEqual([])
})
