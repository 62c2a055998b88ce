import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PhoneNumber } from '@switchboard/protocol'
import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../log.js'
import { rotateKeys } from '../sessions/key-file.js'
import { openKeyRing } from '../sessions/keys.js'
import { statement } from './database.js'
import { pgDirectoryStores, restingNumbersSecret } from './directory-stores.js'
import { testDatabase } from './testing.js'

const sealed = statement<{ keyId: string }>(
  'test.sealed',
  `select encode(key_id, 'hex') as "keyId" from lasting_secrets order by 1`,
)

test('a server that nobody asks about numbers keeps them resting through every rotation', async () => {
  const { database, close } = await testDatabase()
  const dir = await mkdtemp(join(tmpdir(), 'switchboard-rotated-'))
  onTestFinished(async () => {
    await close()
    await rm(dir, { recursive: true })
  })
  const file = join(dir, 'token.key')
  let now = 0
  const clock = { wall: Date.now, monotonic: () => (now += 2_000) }
  const keys = await openKeyRing({ file, strict: false, clock, log: createLogger('silent') })
  const secret = restingNumbersSecret(keys.secrets)
  let sealing: Promise<unknown> = Promise.resolve()
  keys.onChange(() => {
    sealing = secret(database)
    return sealing
  })
  const { restingNumbers } = pgDirectoryStores(database, keys.secrets)
  const number = '4155550100' as PhoneNumber
  const [at, until] = [new Date(0), new Date(1)]
  await database.transaction(tx => restingNumbers.release(tx, { number, at, until, by: null }))

  const before = await database.query(sealed)
  for (let rotation = 0; rotation < 3; rotation++) {
    await rotateKeys(file)
    await keys.signing() // somebody logs in
    await sealing
  }
  const after = await database.query(sealed)
  expect(after.filter(({ keyId }) => before.some(old => old.keyId === keyId))).toEqual([])
  expect(await restingNumbers.rests(number, at, null)).toBe(true)
})
