import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { limits } from '../limits.js'
import { type Database, statement } from './database.js'
import { type TestDatabase, testDatabase } from './testing.js'
import { userFinder } from './user-finder.js'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
  // Older than everybody who is read first.
  await add('Åsa', 'Öberg', '+46771238888', 'asa.oberg@example.org')
  await add('Per_Olof', 'Hundred%', '5550001', 'per@example.org')
  await add('明', '李', '5550002', 'li@example.org')
  await db.database.query(crowd, [limits.panelSearchNewest])
  await add('Anna Maria', 'Berg', '5550003', 'Anna@Example.net')
})
afterAll(() => db.close())

const hash = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`
const insert = statement<never>(
  'test.add_user',
  `insert into users (id, firstname, lastname, phone_number, email, email_key, password_hash, created_at)
   values ($1, $2, $3, $4, $5::text, lower($5::text), '${hash}', now())`,
)
const add = (...person: string[]) => db.database.query(insert, [v7(), ...person])
const crowd = statement<never>(
  'test.add_crowd',
  `insert into users (id, firstname, lastname, phone_number, email, email_key, password_hash, created_at)
   select ('ffff0000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Mara', 'Lindqvist', (7000000 + n)::text,
     'm' || n || '@crowd.test', 'm' || n || '@crowd.test', '${hash}', now()
   from generate_series(1, $1::integer) n`,
)

const find = async (q: string, more: { before?: string; most?: number } = {}) => {
  const words = q.split(' ')
  const found = await userFinder(db.database).page({ words, before: undefined, most: 51, ...more })
  return found.users.map(({ phoneNumber }) => phoneNumber)
}

test('by any part of a name, a number or a mail, whatever its case', async () => {
  for (const q of ['åsa', 'ÖBER', 'berg åsa', '+4677', '77123', '38888', 'sa.obe', 'OBERG@EXAMPLE.ORG']) {
    expect([q, await find(q)]).toEqual([q, ['+46771238888']])
  }
  expect(await find('berg')).toEqual(['5550003', '+46771238888'])
  expect(await find('maria')).toEqual(['5550003'])
  expect(await find('åsa maria')).toEqual([])
})

test('one or two characters at the beginning of a word', async () => {
  for (const q of ['李', '明', '李 明']) expect([q, await find(q)]).toEqual([q, ['5550002']])
  expect(await find('be')).toEqual(['5550003'])
  expect(await find('er')).toEqual([])
  expect(await find('55')).toEqual(['5550003', '5550002', '5550001'])
})

test('what stands for anything in patterns stands for itself', async () => {
  expect(await find('r_o')).toEqual(['5550001'])
  expect(await find('ed%')).toEqual(['5550001'])
  expect(await find('a%a')).toEqual([])
  expect(await find('e\\r')).toEqual([])
})

test('page after page, the newest first, and none twice', async () => {
  const finder = userFinder(db.database)
  const first = await finder.page({ words: ['lindq'], before: undefined, most: 50 })
  const second = await finder.page({ words: ['lindq'], before: first.next ?? '', most: 50 })
  const ids = [...first.users, ...second.users].map(({ id }) => id)
  expect(ids).toEqual([...new Set(ids)].sort().reverse())
  expect(ids).toHaveLength(100)
})

test('one that is shown is not said to be the last while there is another', async () => {
  const finder = userFinder(db.database)
  const [one] = (await finder.page({ words: ['555000'], before: undefined, most: 1 })).users
  const { users, next } = await finder.page({ words: ['555000'], before: one?.id, most: 2 })
  expect([users.map(({ phoneNumber }) => phoneNumber), next]).toEqual([['5550002', '5550001'], null])
  expect((await finder.page({ words: ['555000'], before: undefined, most: 2 })).next).not.toBeNull()
})

test('the search is served by its index', async () => {
  const explained: string[] = []
  const transaction: Database['transaction'] = work =>
    db.database.transaction(tx =>
      work({
        async query(asked, values = []) {
          if (asked.name === 'user_search.among_indexed') {
            const written = values.map(value =>
              Array.isArray(value)
                ? `array['${value.join("','")}']`
                : typeof value === 'number'
                  ? `${value}`
                  : `'${value}'`,
            )
            const text = asked.text.replace(/\$(\d)/g, (_, n) => written[Number(n) - 1] ?? '')
            const rows = await tx.query(statement<object>('test.explain', `explain ${text}`))
            explained.push(...rows.map(row => `${Object.values(row)[0]}`))
          }
          return tx.query(asked, values)
        },
      }),
    )
  const finder = userFinder({ ...db.database, transaction })
  expect((await finder.page({ words: ['77123'], before: undefined, most: 50 })).users).toHaveLength(1)
  expect(explained.join('\n')).toContain('Bitmap Index Scan on users_search')
})
