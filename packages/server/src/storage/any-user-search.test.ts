import fc from 'fast-check'
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, statement } from './database.js'
import { type TestDatabase, testDatabase } from './testing.js'
import { type Reach, searchUsers } from './user-search.js'

interface Person {
  readonly id: string
  readonly text: string
}

const names = ['Anna', 'Annan', 'Nana', 'An_a', '%', '李', 'Åsa']
const people: Person[] = []
let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
  for (let n = 0; n < 60; n++) {
    const [id, first, last, number, mail] = [
      v7(),
      names[n % 7] ?? '',
      names[(n * 3) % 5] ?? '',
      `+4670${1000 + n}`,
      `p${n}@mail.test`,
    ]
    await db.database.query(insert, [id, first, last, number, mail])
    people.push({ id, text: `  ${first}  ${last}  ${number}  ${mail}`.toLowerCase() })
  }
  people.reverse()
})
afterAll(() => db.close())

const insert = statement<never>(
  'test.add_user',
  `insert into users (id, firstname, lastname, phone_number, email, email_key, password_hash, created_at)
   values ($1, $2, $3, $4, $5::text, $5::text, '$argon2id$nobody', now())`,
)
const pause = statement<object>('test.pause', 'select pg_sleep(60)')

/** Where the index takes longer than a page may. */
const slow: Pick<Database, 'query' | 'transaction'> = {
  query: (...asked) => db.database.query(...asked),
  transaction: work =>
    db.database.transaction(tx =>
      work({
        async query(asked, values) {
          if (asked.name === 'user_search.among_indexed') await tx.query(pause)
          return tx.query(asked, values)
        },
      }),
    ),
}

async function all(
  from: Pick<Database, 'query' | 'transaction'>,
  words: string[],
  most: number,
  reach: Reach,
) {
  const found: string[] = []
  for (let before: string | undefined, pages = 0; ; pages++) {
    const { users, next } = await searchUsers({ ...db.database, ...from }, { words, before, most }, reach)
    expect(users.length).toBeLessThanOrEqual(most)
    found.push(...users.map(({ id }) => id))
    if (next === null) return found
    expect(pages).toBeLessThan(people.length + 1)
    before = next
  }
}

const expected = (words: readonly string[]) =>
  people
    .filter(({ text }) => words.every(word => text.includes(word.padStart(3).toLowerCase())))
    .map(({ id }) => id)

const word = fc.oneof(
  fc.constantFrom(...names, 'nna', 'mail', '4670', 'a', 'p5', '@mail.test', '_', 'nan', '10', 'nobody'),
  fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom(...'an_%1@\\.p') }),
)
const small = fc.integer({ min: 1, max: 30 })

test('however far a page looks, all pages together have everybody, the newest first, once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(word, { minLength: 1, maxLength: 3 }),
      fc.record({ most: small, newest: small, indexed: small, further: small }),
      async (words, { most, ...reach }) => {
        expect(await all(db.database, words, most, { ...reach, indexMs: 5_000 })).toEqual(expected(words))
      },
    ),
    { numRuns: 60 },
  )
})

test('also where the index takes longer than a page may', async () => {
  await fc.assert(
    fc.asyncProperty(word, fc.record({ newest: small, further: small }), async (only, reach) => {
      const found = await all(slow, [only], 20, { ...reach, indexed: 20, indexMs: 5 })
      expect(found).toEqual(expected([only]))
    }),
    { numRuns: 15 },
  )
})
