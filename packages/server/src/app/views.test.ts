import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { beforeAll, expect, test } from 'vitest'
import { refusedBelow } from '../admin/testing.js'
import { aloneBus } from '../bus/local.js'
import { systemClock } from '../clock.js'
import type { NodeId } from '../cluster/node-id.js'
import { createMeter } from '../meter.js'
import { type TestDatabase, testDatabase } from '../storage/testing.js'
import { createTrips } from '../throttles/trips.js'
import { unlimited } from '../throttles/unlimited.js'
import { startViews } from './views.js'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
  return () => db.close()
})

test('viewers look, and to end a call takes an operator', async () => {
  const views = await startViews({
    ...{ database: db.database, signaling: undefined, bus: aloneBus(), node: randomUUID() as NodeId },
    ...{ clock: systemClock, version: '1.2.3', families: createMeter().families },
    ...{
      trips: createTrips(systemClock),
      throttles: unlimited,
      isDraining: () => false,
      isScraped: () => false,
    },
    prometheusUrl: undefined,
    log: pino({ level: 'silent' }),
  })
  views.stop()
  const answers = await refusedBelow(views.routes)
  const counts = (answer: string) => answers.filter(each => each === answer).length
  expect(counts('nobody: 401 not_signed_in')).toBe(views.routes.length)
  expect(counts('viewer: 403 role_too_low')).toBe(1)
  expect(answers).toHaveLength(views.routes.length + 1)
  const acts = views.routes.filter(({ method }) => method === 'POST')
  expect(acts.map(({ path, least, act }) => [path, least, act])).toEqual([
    ['/api/calls/:id/end', 'operator', 'call.end'],
  ])
})
