import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { statement } from '../storage/database.js'
import { directoryWorld, rightPassword } from './testing.js'

type World = Awaited<ReturnType<typeof directoryWorld>>
let world: World
beforeAll(async () => {
  world = await directoryWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  world.announced.length = 0
  world.notices.length = 0
})

const feedOf = statement<{ kind: string; reason: string | null }>(
  'test.feed',
  'select kind, reason from account_events where user_id = $1 order by id',
)

describe('register', () => {
  test('gives the user back as stored', async () => {
    const user = await world.person({
      firstname: ' Ame\u0301lie ',
      phone_number: '+1 (234) 567-890',
      email: 'SomeNice@Domain.yup',
    })
    expect(user).toMatchObject({
      firstname: 'Amélie',
      phoneNumber: '1234567890',
      email: 'SomeNice@Domain.yup',
    })
    expect(await world.directory.user(user.id)).toEqual(user)
  })

  test('the same number, however written, and the same email in any case are refused alike', async () => {
    await world.person({ phone_number: '5550001', email: 'twice@domain.yup' })
    await expect(world.person({ phone_number: '+555-0001' })).rejects.toMatchObject({
      code: 'already_registered',
    })
    await expect(world.person({ email: 'TWICE@domain.YUP' })).rejects.toMatchObject({
      code: 'already_registered',
    })
  })

  test('of fifty at once with one number one succeeds', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 50 }, () => world.person({ phone_number: '5550002' })),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of all) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'already_registered' })
    }
  })

  test.each([
    [{ phone_number: '12' }, '/phone_number'],
    [{ firstname: ' ' }, '/firstname'],
    [{ lastname: 'a\u0007' }, '/lastname'],
    [{ email: 'nobody' }, '/email'],
  ])('%j is refused at %s', async (more, path) =>
    expect(world.person(more)).rejects.toMatchObject({ code: 'invalid_request', faults: [{ path }] }),
  )
})

describe('an account', () => {
  test('is renamed, each name by itself, and nobody is told', async () => {
    const user = await world.person()
    expect(await world.directory.rename(user.id, { firstname: 'New' })).toEqual({ ...user, firstname: 'New' })
    expect(await world.directory.rename(user.id, { lastname: ' Er ' })).toMatchObject({
      firstname: 'New',
      lastname: 'Er',
    })
    expect(world.announced).toEqual([])
  })

  test('changes its number; every node is told, and its owner by mail', async () => {
    const user = await world.person()
    const changed = await world.directory.changeNumber(user.id, '13 13 13 13 13', undefined)
    expect(changed).toEqual({ ...user, phoneNumber: '1313131313' })
    expect(world.announced).toEqual([{ kind: 'profile_changed', userId: user.id, phoneNumber: '1313131313' }])
    expect(await world.database.query(feedOf, [user.id])).toEqual([{ kind: 'profile_changed', reason: null }])
    expect(world.notices).toEqual([{ kind: 'number_changed', recipient: user.email }])
  })

  test('keeps its number without a word', async () => {
    const user = await world.person()
    expect(await world.directory.changeNumber(user.id, `+${user.phoneNumber}`, undefined)).toEqual(user)
    expect([...world.announced, ...world.notices]).toEqual([])
  })

  test('does not take a number that is taken, and nothing of it is told', async () => {
    const [user, other] = [await world.person(), await world.person()]
    await expect(world.directory.changeNumber(user.id, other.phoneNumber, undefined)).rejects.toMatchObject({
      code: 'phone_number_taken',
    })
    expect(await world.directory.user(user.id)).toEqual(user)
    expect(await world.database.query(feedOf, [user.id])).toEqual([])
    expect(world.announced).toEqual([])
  })

  test('a password that comes along has to be right', async () => {
    const user = await world.person()
    await expect(world.directory.changeNumber(user.id, '5550003', 'wrong')).rejects.toMatchObject({
      code: 'invalid_credentials',
    })
  })

  test('that is gone has a dead token', async () => {
    const user = await world.person()
    await world.directory.remove(user.id)
    const gone = { code: 'invalid_token' }
    const { directory } = world
    await expect(directory.user(user.id)).rejects.toMatchObject(gone)
    await expect(directory.rename(user.id, { firstname: 'x' })).rejects.toMatchObject(gone)
    await expect(directory.changeNumber(user.id, '5550004', undefined)).rejects.toMatchObject(gone)
    await expect(directory.addContact(user.id, '5550004')).rejects.toMatchObject(gone)
    await expect(directory.block(user.id, '5550004')).rejects.toMatchObject(gone)
    await expect(directory.remove(user.id)).rejects.toMatchObject(gone)
    await expect(directory.export(user.id)).rejects.toMatchObject(gone)
  })
})

describe('strict profile', () => {
  let strict: World
  beforeAll(async () => {
    strict = await directoryWorld({ securityProfile: 'strict' })
  })
  afterAll(() => strict.close())

  test('a new number wants the password', async () => {
    const user = await strict.person()
    await expect(strict.directory.changeNumber(user.id, '5550001', undefined)).rejects.toMatchObject({
      code: 'invalid_request',
      faults: [{ path: '/password' }],
    })
    await strict.directory.changeNumber(user.id, '5550001', rightPassword)
  })

  test('a released number rests 45 days, but not for who released it', async () => {
    const [user, other] = [await strict.person({ phone_number: '5550010' }), await strict.person()]
    await strict.directory.changeNumber(user.id, '5550011', rightPassword)
    const take = () => strict.directory.changeNumber(other.id, '5550010', rightPassword)
    await expect(take()).rejects.toMatchObject({ code: 'phone_number_taken' })
    await expect(strict.person({ phone_number: '5550010' })).rejects.toMatchObject({
      code: 'already_registered',
    })
    await strict.directory.changeNumber(user.id, '5550010', rightPassword)
    await strict.directory.changeNumber(user.id, '5550012', rightPassword)
    strict.clock.now += 45 * 86_400_000 + 1
    expect(await take()).toMatchObject({ phoneNumber: '5550010' })
  })

  test('the number of a deleted account rests for everybody', async () => {
    const user = await strict.person({ phone_number: '5550020' })
    await strict.directory.remove(user.id)
    const again = () => strict.person({ phone_number: '5550020' })
    await expect(again()).rejects.toMatchObject({ code: 'already_registered' })
    strict.clock.now += 46 * 86_400_000
    expect(await again()).toMatchObject({ phoneNumber: '5550020' })
  })
})
