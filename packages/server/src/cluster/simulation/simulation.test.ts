import { expect, test } from 'vitest'
import { playSchedule } from './schedule.testing.js'

/** More of them for a soak: `SCHEDULES=100000`; one of them again: `SEED=123`. */
const schedules = Number(process.env.SCHEDULES ?? 60)
const firstSeed = Number(process.env.SEED ?? 1)

test('however nodes die and messages are lost, the rules of a call hold across nodes', async () => {
  const count = process.env.SEED === undefined ? schedules : 1
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const { faults, story } = await playSchedule(seed)
    expect(faults, `SEED=${seed}\n${faults.length > 0 ? story.join('\n') : ''}`).toEqual([])
  }
}, 3_600_000)
