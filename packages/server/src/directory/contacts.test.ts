import { afterAll, beforeAll, expect, test } from 'vitest'
import { limits } from '../limits.js'
import { statement } from '../storage/database.js'
import { directoryWorld } from './testing.js'

type World = Awaited<ReturnType<typeof directoryWorld>>
let world: World
beforeAll(async () => {
  world = await directoryWorld()
})
afterAll(() => world.close())

const all = { limit: limits.contactsPerUser, cursor: undefined }

test('a contact follows its user to another number and name', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  expect(await world.directory.addContact(ada.id, `+${bob.phoneNumber}`)).toEqual(bob)
  await world.directory.changeNumber(bob.id, '5551000', undefined)
  await world.directory.rename(bob.id, { firstname: 'Robert' })
  const { items, nextCursor } = await world.directory.contacts(ada.id, all)
  expect(items).toEqual([{ ...bob, phoneNumber: '5551000', firstname: 'Robert' }])
  expect(nextCursor).toBeNull()
  await expect(world.directory.deleteContact(ada.id, bob.phoneNumber)).rejects.toMatchObject({
    code: 'contact_not_found',
  })
  await world.directory.deleteContact(ada.id, '555-1000')
  expect((await world.directory.contacts(ada.id, all)).items).toEqual([])
})

test('what cannot be added or deleted is refused by name', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  const { directory } = world
  await expect(directory.addContact(ada.id, ada.phoneNumber)).rejects.toMatchObject({
    code: 'cannot_add_self',
  })
  await expect(directory.addContact(ada.id, '999000999')).rejects.toMatchObject({ code: 'user_not_found' })
  await expect(directory.addContact(ada.id, '1x')).rejects.toMatchObject({ code: 'invalid_request' })
  await directory.addContact(ada.id, bob.phoneNumber)
  await expect(directory.addContact(ada.id, bob.phoneNumber)).rejects.toMatchObject({
    code: 'contact_exists',
  })
  await expect(directory.deleteContact(ada.id, '999000999')).rejects.toMatchObject({
    code: 'contact_not_found',
  })
  await expect(directory.deleteContact(ada.id, 'x')).rejects.toMatchObject({ code: 'invalid_request' })
  await expect(directory.deleteContact(bob.id, ada.phoneNumber)).rejects.toMatchObject({
    code: 'contact_not_found',
  })
})

test('of twenty adds at once one succeeds', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  const adds = Array.from({ length: 20 }, () => world.directory.addContact(ada.id, bob.phoneNumber))
  const results = await Promise.allSettled(adds)
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const one of results)
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'contact_exists' })
})

test('two that add each other at once both succeed', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  await Promise.all([
    world.directory.addContact(ada.id, bob.phoneNumber),
    world.directory.addContact(bob.id, ada.phoneNumber),
  ])
  expect(await world.directory.mutualContacts(ada.id)).toEqual([bob])
})

const fill = statement<object>(
  'test.fill_contacts',
  `with made as (
     insert into users (id, phone_number, email, email_key, firstname, lastname, password_hash, created_at)
     select gen_random_uuid(), '77' || n, n || '@many', n || '@many', 'Many', 'More', '$argon2id$', now()
     from generate_series(100000, 100000 + $2::int - 1) n returning id
   )
   insert into contacts (id, owner_id, contact_id, created_at) select id, $1, id, now() from made`,
)

test('a user has a thousand contacts, also when the last two come at once', async () => {
  const [ada, bob, eve] = [await world.person(), await world.person(), await world.person()]
  await world.database.query(fill, [ada.id, limits.contactsPerUser - 1])
  const results = await Promise.allSettled([
    world.directory.addContact(ada.id, bob.phoneNumber),
    world.directory.addContact(ada.id, eve.phoneNumber),
  ])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await expect(world.directory.addContact(ada.id, '999000999')).rejects.toMatchObject({
    code: 'user_not_found',
  })
  const refused = results.find(({ status }) => status === 'rejected')
  expect(refused).toMatchObject({ reason: { code: 'rate_limited' } })
  const { items, nextCursor } = await world.directory.contacts(ada.id, all)
  expect([items.length, nextCursor]).toEqual([1_000, null])
})

test('pages follow one another in the order of adding, whatever comes and goes between', async () => {
  const ada = await world.person()
  const others = []
  for (let i = 0; i < 7; i++) {
    const other = await world.person()
    await world.directory.addContact(ada.id, other.phoneNumber)
    others.push(other)
  }
  const first = await world.directory.contacts(ada.id, { limit: 3, cursor: undefined })
  expect(first.items).toEqual(others.slice(0, 3))
  await world.directory.deleteContact(ada.id, others[2]?.phoneNumber ?? '')
  const second = await world.directory.contacts(ada.id, { limit: 3, cursor: first.nextCursor ?? '' })
  expect(second.items).toEqual(others.slice(3, 6))
  const third = await world.directory.contacts(ada.id, { limit: 3, cursor: second.nextCursor ?? '' })
  expect(third).toEqual({ items: others.slice(6), nextCursor: null })
})

test.each(['', 'x', 'AAAAAAAAAAAAAAAAAAAAAB', "' or 1=1 --", 'A'.repeat(23), 'ÅAAAAAAAAAAAAAAAAAAAAA'])(
  'the cursor %j is not one of ours',
  async cursor => {
    const ada = await world.person()
    const refused = { code: 'invalid_request', faults: [{ path: '/cursor' }] }
    await expect(world.directory.contacts(ada.id, { limit: 3, cursor })).rejects.toMatchObject(refused)
    await expect(world.directory.history(ada.id, { limit: 3, cursor })).rejects.toMatchObject(refused)
  },
)

test('a deleted user is nobody’s contact', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  await world.directory.addContact(ada.id, bob.phoneNumber)
  await world.directory.remove(bob.id)
  expect((await world.directory.contacts(ada.id, all)).items).toEqual([])
})

test('the strict profile shows names and emails between mutual contacts alone', async () => {
  const strict = await directoryWorld({ securityProfile: 'strict' })
  try {
    const [ada, bob] = [await strict.person(), await strict.person()]
    const bare = { ...bob, firstname: '', lastname: '', email: '' }
    expect(await strict.directory.addContact(ada.id, bob.phoneNumber)).toEqual(bare)
    expect((await strict.directory.contacts(ada.id, all)).items).toEqual([bare])
    expect(await strict.directory.addContact(bob.id, ada.phoneNumber)).toEqual(ada)
    expect((await strict.directory.contacts(ada.id, all)).items).toEqual([bob])
  } finally {
    await strict.close()
  }
})
