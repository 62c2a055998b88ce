import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { statement } from '../storage/database.js'
import { lastingSecrets } from '../storage/lasting-secrets.js'
import { type TestDatabase, testDatabase } from '../storage/testing.js'
import { createLastingSecret } from './lasting-secret.js'

let store: TestDatabase
beforeAll(async () => {
  store = await testDatabase()
})
afterAll(() => store.close())

type Keys = [Buffer, ...Buffer[]]
const key = () => randomBytes(32)
let purposes = 0

/** A purpose of its own, and whoever has these keys. */
function world() {
  const purpose = `purpose ${++purposes}`
  const asked: string[] = []
  const askedWith = (...keys: Keys) =>
    createLastingSecret(
      {
        store: lastingSecrets,
        secrets: async name => {
          asked.push(name)
          return keys
        },
      },
      purpose,
    )(store.database)
  const count = async () =>
    (await lastingSecrets.read(store.database, purpose)).map(({ keyId }) => keyId.toString('hex')).length
  return { purpose, asked, askedWith, count }
}

test('it is made once, of 256 random bits, and is the same for whoever has the key', async () => {
  const { purpose, asked, askedWith, count } = world()
  const one = key()
  const secret = await askedWith(one)
  expect(secret).toHaveLength(32)
  expect(await askedWith(one)).toEqual(secret)
  expect(await count()).toBe(1)
  expect(new Set(asked)).toEqual(new Set([`lasting ${purpose}`]))
  expect(await world().askedWith(one)).not.toEqual(secret)
})

test('twenty who ask at once for the first time get one', async () => {
  const { askedWith, count } = world()
  const one = key()
  const all = await Promise.all(Array.from({ length: 20 }, () => askedWith(one)))
  expect(new Set(all.map(secret => secret.toString('hex'))).size).toBe(1)
  expect(await count()).toBe(1)
})

test('it goes on through rotations, under the newest key and the one before, and no older one', async () => {
  const { askedWith, count } = world()
  const [first, second, third] = [key(), key(), key()]
  const secret = await askedWith(first)
  expect(await askedWith(second, first)).toEqual(secret)
  expect(await count()).toBe(2)
  expect(await askedWith(third, second)).toEqual(secret)
  expect(await count()).toBe(2)
  expect(await askedWith(third)).toEqual(secret)
  // The first key opens nothing any more: it is as if there had been none.
  expect(await askedWith(first)).not.toEqual(secret)
})

test('a node that knows of no rotation yet has the same secret as one that does', async () => {
  const { askedWith } = world()
  const [old, fresh] = [key(), key()]
  const secret = await askedWith(old)
  expect(await askedWith(fresh, old)).toEqual(secret)
  expect(await askedWith(old)).toEqual(secret)
})

test('when all keys were replaced it begins anew', async () => {
  const { askedWith, count } = world()
  const secret = await askedWith(key())
  const anew = await askedWith(key())
  expect(anew).toHaveLength(32)
  expect(anew).not.toEqual(secret)
  expect(await count()).toBe(1)
})

test('one that is damaged is said to be, and not made anew', async () => {
  const { purpose, askedWith, count } = world()
  const one = key()
  await askedWith(one)
  const damage = statement<never>('test.damage', 'update lasting_secrets set sealed = $2 where purpose = $1')
  await store.database.query(damage, [purpose, randomBytes(60)])
  await expect(askedWith(one)).rejects.toThrow(`the secret of ${purpose} is damaged`)
  expect(await count()).toBe(1)
})
