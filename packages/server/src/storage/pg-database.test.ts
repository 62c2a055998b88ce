import { afterAll, beforeAll, expect, test } from 'vitest'
import { statement } from './database.js'
import { type TestDatabase, testDatabase } from './testing.js'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
})
afterAll(() => db.close())

test('answers', async () => {
  await db.database.ping()
  expect(await db.database.query(statement<{ n: number }>('n', 'select $1::int as n'), [3])).toEqual([
    { n: 3 },
  ])
})
