import { EventEmitter } from 'node:events'
import type { Server } from 'node:net'
import type { CallId } from '@switchboard/protocol'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import { eventually } from '../eventually.testing.js'
import type { Call } from '../exchange/call.js'
import { createConnectionCap, roomFor } from '../http/connection-cap.js'
import type { MailJob, MailJobs } from '../mail/mail-jobs.js'
import { createMailWorker } from '../mail/worker.js'
import { createMeter, Spread } from '../meter.js'
import { createSlots } from '../sessions/hashing.js'
import { createJournal } from '../signaling/journal.js'
import type { Database } from '../storage/database.js'
import { DatabaseUnavailable } from '../storage/errors.js'
import { openDatabase } from '../storage/pg-database.js'
import { createTripped } from '../throttles/tripped.js'
import { expose } from './exposition.js'

// What goes wrong so seldom that no test from outside can wait for it.
const log = pino({ level: 'silent' })

function shown() {
  const meter = createMeter()
  const has = (line: string) => expect(expose(meter.families(), 'prometheus').split('\n')).toContain(line)
  return { meter, has }
}

test('calls that cannot be written wait, and those that the database refuses are let go', async () => {
  const { meter, has } = shown()
  const failures: Error[] = [
    new DatabaseUnavailable('away', { cause: undefined }),
    new Error('refused in company'),
    new Error('refused alone'),
  ]
  const store = {
    write: async () => {
      has('switchboard_journal_waiting 1') // also while it is being written
      const failure = failures.shift()
      if (failure) throw failure
    },
  }
  const journal = createJournal({ store, clock: systemClock, log, meter })
  journal.record({ id: 'a' as CallId, state: 'ringing' } as Call, { kind: 'placed' })
  has('switchboard_journal_waiting 1')
  await journal.settled()
  has('switchboard_journal_failures_total 1')
  has('switchboard_journal_shed_total{kind="call"} 1')
  has('switchboard_journal_waiting 0')
  has('switchboard_journal_write_seconds_count 1')
})

test('work beyond the queue for hashing', async () => {
  const { meter, has } = shown()
  const refused = createTripped(meter).hashingQueue
  const run = createSlots(1, 1, { refused, waited: new Spread([1]), took: new Spread([1]) })
  let finish = () => {}
  const first = run(
    () =>
      new Promise<void>(resolve => {
        finish = resolve
      }),
  )
  const second = run(async () => undefined)
  await expect(run(async () => undefined)).rejects.toMatchObject({ code: 'service_unavailable' })
  has('switchboard_limits_tripped_total{limit="hashingQueue"} 1')
  expect([run.running(), run.waiting()]).toEqual([1, 1])
  finish()
  await Promise.all([first, second])
  expect([run.running(), run.waiting()]).toEqual([0, 0])
})

test('a database that is not there', async () => {
  const { meter, has } = shown()
  const database = openDatabase({ connection: 'postgres://u:p@127.0.0.1:1/none', log, meter })
  await expect(database.ping()).rejects.toThrow(DatabaseUnavailable)
  has('switchboard_database_unavailable_total 1')
  has('switchboard_database_waiting 0')
  await database.close()
})

test('mails that fail, and mails that are given up', async () => {
  const { meter, has } = shown()
  const job = (giveUpInMs: number) =>
    ({
      id: 'j',
      kind: 'reset_code',
      recipientKey: 'r',
      attempts: 1,
      giveUpAt: new Date(Date.now() + giveUpInMs),
    }) as MailJob
  const due = [[job(600_000)], [job(-1)]]
  const jobs = {
    claim: async () => due.shift() ?? [],
    retry: async () => undefined,
    fail: async () => undefined,
    prune: async () => undefined,
  } as unknown as MailJobs
  const deliver = () => Promise.reject(new Error('no'))
  const worker = createMailWorker({ database: {} as Database, jobs, deliver, clock: systemClock, log, meter })
  worker.start()
  await eventually(() => has('switchboard_mails_total{outcome="retried"} 1'))
  await eventually(() => has('switchboard_mails_total{outcome="given_up"} 1'))
  await worker.stop()
})

test('connections for which there is no descriptor', () => {
  const { meter, has } = shown()
  const turnedAway = meter.count('switchboard_connections_dropped_total', 'Dropped')
  const server = new EventEmitter() as Server
  createConnectionCap(roomFor(1), { clock: systemClock, log, turnedAway }).watch(server)
  server.emit('drop')
  server.emit('drop')
  has('switchboard_connections_dropped_total 2')
})
