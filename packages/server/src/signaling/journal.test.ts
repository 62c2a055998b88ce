import type { CallId } from '@switchboard/protocol'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import type { Call } from '../exchange/call.js'
import { DatabaseUnavailable } from '../storage/errors.js'
import { createJournal, type TraceRow } from './journal.js'

/** A store whose writes the test lets through one by one. */
function gatedStore() {
  const writes: { calls: readonly Call[]; traces: readonly TraceRow[] }[] = []
  const gates: { resolve: () => void; reject: (error: Error) => void }[] = []
  const arrivals: (() => void)[] = []
  return {
    writes,
    write(calls: readonly Call[], traces: readonly TraceRow[]) {
      writes.push({ calls, traces })
      arrivals.shift()?.()
      return new Promise<void>((resolve, reject) => gates.push({ resolve, reject }))
    },
    arrival: () => new Promise<void>(resolve => arrivals.push(resolve)),
    pass: () => gates.shift()?.resolve(),
    fail: () => gates.shift()?.reject(new DatabaseUnavailable('away', { cause: undefined })),
  }
}

const call = (id: string, state: Call['state'] = 'ringing') => ({ id: id as CallId, state }) as Call

function journalOver(store: ReturnType<typeof gatedStore>) {
  return createJournal({ store, clock: systemClock, log: pino({ level: 'silent' }) })
}

describe('the journal', () => {
  test('writes a call that moved twice once, as it stands last', async () => {
    const store = gatedStore()
    const journal = journalOver(store)
    journal.record(call('a'), { kind: 'placed' })
    journal.record(call('a', 'established'), { kind: 'accepted' })
    const settled = journal.settled()
    store.pass()
    await settled
    expect(store.writes).toHaveLength(1)
    expect(store.writes[0]?.calls).toMatchObject([{ id: 'a', state: 'established' }])
    expect(store.writes[0]?.traces.map(line => line.kind)).toEqual(['placed', 'accepted'])
    expect(journal.isSettled()).toBe(true)
  })

  test('settles only when what was recorded during a write is written too', async () => {
    const store = gatedStore()
    const journal = journalOver(store)
    journal.record(call('a'), undefined)
    const first = journal.settled()
    journal.record(call('b'), undefined)
    let done = false
    const second = journal.settled().then(() => {
      done = true
    })
    const next = store.arrival()
    store.pass()
    await first
    await next
    expect(done).toBe(false)
    store.pass()
    await second
    expect(store.writes.map(write => write.calls.map(c => c.id))).toEqual([['a'], ['b']])
  })

  test('a failed write is written again with what came since, and nothing settles before', async () => {
    const store = gatedStore()
    const journal = journalOver(store)
    journal.record(call('a'), { kind: 'placed' })
    const settled = journal.settled()
    const retry = store.arrival()
    journal.record(call('a', 'ended'), { kind: 'ended' })
    journal.record(call('b'), { kind: 'placed' })
    store.fail()
    await retry
    store.pass()
    await settled
    expect(store.writes[1]?.calls.map(c => [c.id, c.state])).toEqual([
      ['a', 'ended'],
      ['b', 'ringing'],
    ])
    expect(store.writes[1]?.traces.map(line => line.kind)).toEqual(['placed', 'ended', 'placed'])
  })

  test('a call that the database will not take does not hold up the others', async () => {
    const written: string[] = []
    const store = {
      async write(calls: readonly Call[]) {
        if (calls.some(c => c.id === 'bad')) throw new Error('violates a constraint')
        written.push(...calls.map(c => c.id))
      },
    }
    const journal = createJournal({ store, clock: systemClock, log: pino({ level: 'silent' }) })
    for (const id of ['a', 'bad', 'b']) journal.record(call(id), { kind: 'placed' })
    await journal.settled()
    expect(written).toEqual(['a', 'b'])
  })

  test('close writes what is left', async () => {
    const store = gatedStore()
    const journal = journalOver(store)
    journal.record(call('a'), undefined)
    const writing = store.arrival()
    const closed = journal.close()
    await writing
    store.pass()
    await closed
    expect(store.writes).toHaveLength(1)
  })

  test('trace lines rise, also within a millisecond', async () => {
    const store = gatedStore()
    const journal = journalOver(store)
    for (let i = 0; i < 2000; i++) journal.record(call('a'), { kind: 'rung' })
    const settled = journal.settled()
    store.pass()
    await settled
    const seqs = store.writes.flatMap(write => write.traces.map(line => line.seq))
    expect(seqs.every((seq, i) => i === 0 || seq > (seqs[i - 1] as number))).toBe(true)
    expect(seqs.every(Number.isSafeInteger)).toBe(true)
  })
})
