import { afterAll, beforeAll, expect, test } from 'vitest'
import { statement } from '../storage/database.js'
import { directoryWorld, insertPastCall } from './testing.js'

type World = Awaited<ReturnType<typeof directoryWorld>>
let world: World
beforeAll(async () => {
  world = await directoryWorld()
})
afterAll(() => world.close())

const page = { limit: 50, cursor: undefined }

test('shows both directions, newest first, each with its outcome', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  const [a, b] = [
    { caller: ada.id, callerNumber: '111' },
    { callee: bob.id, calleeNumber: '222' },
  ]
  const back = { caller: bob.id, callerNumber: '222', callee: ada.id, calleeNumber: '111' }
  const ids = [
    await insertPastCall(world.database, { ...a, ...b, answered: true, cause: 'connection_lost' }),
    await insertPastCall(world.database, { ...back, cause: 'denied' }),
    await insertPastCall(world.database, { ...a, callee: null, calleeNumber: '222', cause: 'unavailable' }),
    await insertPastCall(world.database, { ...a, ...b, state: 'established' }),
    await insertPastCall(world.database, { ...back, state: 'ringing' }),
  ].reverse()
  const of = async (id: typeof ada.id) =>
    (await world.directory.history(id, page)).items.map(call => [
      call.callId,
      call.direction,
      call.peer,
      call.outcome,
    ])
  expect(await of(ada.id)).toEqual([
    [ids[0], 'incoming', '222', null],
    [ids[1], 'outgoing', '222', null],
    [ids[2], 'outgoing', '222', 'unavailable'],
    [ids[3], 'incoming', '222', 'denied'],
    [ids[4], 'outgoing', '222', 'answered'],
  ])
  expect(await of(bob.id)).toEqual([
    [ids[0], 'outgoing', '111', null],
    [ids[1], 'incoming', '111', null],
    [ids[3], 'outgoing', '111', 'denied'],
    [ids[4], 'incoming', '111', 'answered'],
  ])
  const [living] = (await world.directory.history(ada.id, page)).items
  expect(living).toMatchObject({
    endedAt: null,
    answeredAt: null,
    startedAt: new Date('2026-01-31T11:00:00Z'),
  })
})

test('pages hold every call once', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  const ids: string[] = []
  for (let i = 0; i < 5; i++) {
    ids.push(await insertPastCall(world.database, { caller: ada.id, callee: bob.id }))
    ids.push(await insertPastCall(world.database, { caller: bob.id, callee: ada.id }))
    if (i === 2) ids.push(await insertPastCall(world.database, { caller: ada.id, callee: ada.id }))
  }
  const seen: string[] = []
  let cursor: string | undefined
  for (;;) {
    const { items, nextCursor } = await world.directory.history(ada.id, { limit: 4, cursor })
    seen.push(...items.map(call => call.callId))
    if (nextCursor === null) break
    cursor = nextCursor
  }
  expect(seen).toEqual(ids.reverse())
})

test('walks the two indexes and reads no more than a page of each', async () => {
  const [ada, bob] = [await world.person(), await world.person()]
  const many = statement<object>(
    'test.many_calls',
    `insert into calls (id, caller_id, callee_id, state, started_at, ended_at, end_cause)
     select gen_random_uuid(), case n % 2 when 0 then $1::uuid else $2::uuid end,
       case n % 2 when 0 then $2::uuid else $1::uuid end, 'ended', now(), now(), 'hung_up'
     from generate_series(1, 20000) n`,
  )
  await world.database.query(many, [ada.id, bob.id])
  await world.database.query(statement('test.analyze', 'analyze calls'))
  const asked: { text: string; values: readonly unknown[] }[] = []
  const { pgCallHistory } = await import('../storage/call-history.js')
  await pgCallHistory({
    query: async ({ text }, values = []) => {
      asked.push({ text, values })
      return []
    },
  }).page(ada.id, 'ffffffff-ffff-ffff-ffff-ffffffffffff', 51)
  const [{ text, values } = { text: '', values: [] }] = asked
  const explain = statement<{ 'QUERY PLAN': string }>('test.explain', `explain ${text}`)
  const plan = (await world.database.query(explain, values)).map(row => row['QUERY PLAN']).join('\n')
  expect(plan).toMatch(/Index Scan.* using calls_caller/)
  expect(plan).toMatch(/Index Scan.* using calls_callee/)
  expect(plan).not.toMatch(/Seq Scan|Bitmap/)
})
