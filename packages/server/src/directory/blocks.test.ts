import type { UserId } from '@switchboard/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { limits } from '../limits.js'
import { statement } from '../storage/database.js'
import { directoryWorld, number } from './testing.js'

type World = Awaited<ReturnType<typeof directoryWorld>>
let world: World
beforeAll(async () => {
  world = await directoryWorld()
})
afterAll(() => world.close())

const disable = statement<object>('test.disable', 'update users set disabled_at = now() where id = $1')
const fill = statement<object>(
  'test.fill_blocks',
  `insert into blocks (owner_id, phone_number, created_at)
   select $1, (10000 + n)::text, now() from generate_series(1, $2::int) n`,
)

test('a blocked number is listed once, and every node is told', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  world.announced.length = 0
  await world.directory.block(ada.id, `+${bob.phoneNumber}`)
  await world.directory.block(ada.id, bob.phoneNumber)
  await world.directory.block(ada.id, '999000111')
  expect(await world.directory.blocked(ada.id)).toEqual([bob.phoneNumber, '999000111'].sort())
  expect(world.announced).toContainEqual({ kind: 'profile_changed', userId: ada.id })
  await world.directory.unblock(ada.id, bob.phoneNumber)
  await world.directory.unblock(ada.id, bob.phoneNumber)
  expect(await world.directory.blocked(ada.id)).toEqual(['999000111'])
})

test('nobody blocks themselves, or what is no number, or without end', async () => {
  const ada = await world.person()
  const refused = { code: 'invalid_request', faults: [{ path: '/phone_number' }] }
  await expect(world.directory.block(ada.id, ada.phoneNumber)).rejects.toMatchObject(refused)
  await expect(world.directory.block(ada.id, 'x')).rejects.toMatchObject(refused)
  await expect(world.directory.unblock(ada.id, 'x')).rejects.toMatchObject(refused)
  await world.database.query(fill, [ada.id, limits.blocksPerUser])
  await expect(world.directory.block(ada.id, '999000111')).rejects.toMatchObject({ code: 'rate_limited' })
  await world.directory.block(ada.id, '10001')
})

describe('locate', () => {
  const reach = (caller: { id: UserId }, digits: string) => world.directory.locate(caller.id, number(digits))
  const locate = async (caller: { id: UserId }, digits: string) => (await reach(caller, digits))?.userId

  test('finds who answers to a number', async () => {
    const [ada, bob] = [await world.person(), await world.person()]
    expect(await locate(ada, bob.phoneNumber)).toBe(bob.id)
    expect(await locate(ada, '999000111')).toBeUndefined()
    await world.database.query(disable, [bob.id])
    expect(await locate(ada, bob.phoneNumber)).toBeUndefined()
  })

  test('a blocked caller finds nobody, under another number neither', async () => {
    const [ada, bob] = [await world.person(), await world.person()]
    await world.directory.block(bob.id, ada.phoneNumber)
    expect(await locate(ada, bob.phoneNumber)).toBeUndefined()
    expect(await locate(bob, ada.phoneNumber)).toBe(ada.id)
    await world.directory.changeNumber(ada.id, '5552001', undefined)
    expect(await locate(ada, bob.phoneNumber)).toBeUndefined()
    await world.directory.unblock(bob.id, ada.phoneNumber)
    expect(await locate(ada, bob.phoneNumber)).toBe(bob.id)
  })

  test('a number blocked before anybody had it is blocked for who gets it', async () => {
    const bob = await world.person()
    await world.directory.block(bob.id, '5552002')
    const eve = await world.person({ phone_number: '5552002' })
    expect(await locate(eve, bob.phoneNumber)).toBeUndefined()
  })

  test('strangers are told apart, and are given relays alone when the callee wants that', async () => {
    const [ada, bob] = [await world.person(), await world.person()]
    expect(await reach(ada, bob.phoneNumber)).toMatchObject({ isStranger: true, relayOnly: false })
    await world.directory.changePrivacy(bob.id, { relayOnlyForStrangers: true })
    expect(await reach(ada, bob.phoneNumber)).toMatchObject({ isStranger: true, relayOnly: true })
    await world.directory.addContact(bob.id, ada.phoneNumber)
    expect(await reach(ada, bob.phoneNumber)).toMatchObject({ isStranger: false, relayOnly: true })
    await world.directory.addContact(ada.id, bob.phoneNumber)
    expect(await reach(ada, bob.phoneNumber)).toMatchObject({ isStranger: false, relayOnly: false })
  })

  test('who admits contacts only is not there for strangers', async () => {
    const [ada, bob] = [await world.person(), await world.person()]
    const both = { relayOnlyForStrangers: false, callsFromContactsOnly: true }
    expect(await world.directory.changePrivacy(bob.id, { callsFromContactsOnly: true })).toEqual(both)
    expect(await world.directory.privacy(bob.id)).toEqual(both)
    expect(await reach(ada, bob.phoneNumber)).toBeUndefined()
    await world.directory.addContact(bob.id, ada.phoneNumber)
    expect(await reach(ada, bob.phoneNumber)).toMatchObject({ userId: bob.id })
  })

  test('in the strict profile strangers find nobody', async () => {
    const strict = await directoryWorld({ securityProfile: 'strict' })
    try {
      const [ada, bob] = [await strict.person(), await strict.person()]
      await strict.directory.addContact(ada.id, bob.phoneNumber)
      expect(await strict.directory.locate(ada.id, bob.phoneNumber)).toBeUndefined()
      expect(await strict.directory.locate(bob.id, ada.phoneNumber)).toEqual({
        userId: ada.id,
        isStranger: false,
        relayOnly: true,
      })
      await strict.directory.addContact(bob.id, ada.phoneNumber)
      expect(await strict.directory.locate(bob.id, ada.phoneNumber)).toMatchObject({ relayOnly: false })
    } finally {
      await strict.close()
    }
  })
})

describe('profile', () => {
  test('is what signaling needs', async () => {
    const ada = await world.person()
    expect(await world.directory.profile(ada.id)).toEqual({ userId: ada.id, phoneNumber: ada.phoneNumber })
  })

  test('of an account that is gone or disabled there is none', async () => {
    const [ada, bob] = [await world.person(), await world.person()]
    await world.directory.remove(ada.id)
    await world.database.query(disable, [bob.id])
    expect(await world.directory.profile(ada.id)).toBeUndefined()
    expect(await world.directory.profile(bob.id)).toBeUndefined()
  })
})
