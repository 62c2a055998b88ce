import { expect, test } from 'vitest'
import { playSchedule } from './schedule.testing.js'

/** More of them for a soak: `SCHEDULES=100000`; one of them again: `SEED=123`. */
const schedules = Number(process.env.SCHEDULES ?? 60)
const firstSeed = Number(process.env.SEED ?? 1)
/** Schedules that found a fault once. */
const telling = [3_282, 4_144, 6_020, 8_818, 18_638, 82_520]

test('however nodes die and messages are lost, the rules of a call hold across nodes', async () => {
  const isOne = process.env.SEED !== undefined
  const seeds = Array.from({ length: isOne ? 1 : schedules }, (_, n) => firstSeed + n)
  for (const seed of isOne ? seeds : [...telling, ...seeds]) {
    const { faults, story } = await playSchedule(seed)
    expect(faults, `SEED=${seed}\n${faults.length > 0 ? story.join('\n') : ''}`).toEqual([])
  }
}, 3_600_000)
