import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { hash, parseOptions } from '@node-rs/argon2'
import { expect, test } from 'vitest'
import { limits } from '../limits.js'
import { Count, createMeter, type Spread } from '../meter.js'
import { createHashing, createSlots, dummyHash } from './hashing.js'
import { type HashingThread, startHashingThread } from './hashing-thread.js'
import { createHashingThreads } from './hashing-threads.js'

const hashing = createHashing({ cores: 1 })

test('hashes are argon2id with 19 MiB, two passes and one lane, and never the same', async () => {
  const [first, second] = await Promise.all([hashing.hash('SuperSecure'), hashing.hash('SuperSecure')])
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(first).not.toBe(second)
  expect(await hashing.verify(first, 'SuperSecure')).toBe(true)
  expect(await hashing.verify(first, 'supersecure')).toBe(false)
})

test('no character is cut off', async () => {
  const long = 'x'.repeat(127)
  const hashed = await hashing.hash(`${long}a`)
  expect(await hashing.verify(hashed, `${long}b`)).toBe(false)
  expect(await hashing.verify(hashed, long)).toBe(false)
})

test('a hash made with less than today’s parameters is weak', async () => {
  expect(hashing.isWeak(await hashing.hash('SuperSecure'))).toBe(false)
  expect(hashing.isWeak(await hash('SuperSecure', { memoryCost: 8_192 }))).toBe(true)
  expect(hashing.isWeak(await hash('SuperSecure', { timeCost: 1 }))).toBe(true)
})

test('the dummy costs what a real hash costs, and nothing matches it', async () => {
  const real = parseOptions(await hashing.hash('SuperSecure'))
  expect(parseOptions(dummyHash)).toEqual(real)
  expect(await hashing.verify(dummyHash, '')).toBe(false)
})

test('what runs, what waits and how long it took is measured, in seconds', async () => {
  const meter = createMeter()
  const measured = createHashing({ cores: 1, meter })
  const sampleOf = (name: string) =>
    meter
      .families()
      .find(family => family.name === name)
      ?.samples()[0]
  const value = (name: string) => sampleOf(name)?.value
  const begun = performance.now()
  const many = limits.hashingPerCore + 2
  const all = Promise.all(Array.from({ length: many }, () => measured.hash('SuperSecure')))
  expect(value('switchboard_hashing_running')).toBe(limits.hashingPerCore)
  expect(value('switchboard_hashing_waiting')).toBe(2)
  await all
  const seconds = (performance.now() - begun) / 1_000
  expect([value('switchboard_hashing_running'), value('switchboard_hashing_waiting')]).toEqual([0, 0])
  for (const name of ['switchboard_hashing_seconds', 'switchboard_hashing_wait_seconds']) {
    const spread = value(name) as Spread
    expect(spread.counts.reduce((all, count) => all + count, 0)).toBe(many)
    expect(spread.sum).toBeGreaterThan(0)
    expect(spread.sum).toBeLessThan(many * seconds)
  }
})

test('who is told to come back is counted', async () => {
  const refused = new Count()
  const run = createSlots(1, 0, {
    refused,
    waited: { observe: () => undefined },
    took: { observe: () => undefined },
  })
  let letGo: () => void = () => undefined
  const first = run(
    () =>
      new Promise<void>(resolve => {
        letGo = resolve
      }),
  )
  await expect(run(async () => undefined)).rejects.toMatchObject({ code: 'service_unavailable' })
  expect(refused.value).toBe(1)
  letGo()
  await first
})

test('no more than the slots run, no more than the queue wait, and the rest are told to come back', async () => {
  const run = createSlots(2, 3)
  let running = 0
  let most = 0
  const gates: (() => void)[] = []
  const work = () =>
    run(async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise<void>(resolve => gates.push(resolve))
      running -= 1
    })

  const admitted = Array.from({ length: 5 }, work)
  await expect(work()).rejects.toMatchObject({ code: 'service_unavailable', retryAfterSeconds: 2 })
  let done = false
  const all = Promise.all(admitted).then(() => {
    done = true
  })
  while (!done) {
    gates.shift()?.()
    await new Promise(setImmediate)
  }
  await all
  expect(most).toBe(2)
  await expect(run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await run(() => Promise.resolve('a failed one gives its slot back'))).toBeTruthy()
})

test('a hash that is none is an error, and the thread that met it goes on', async () => {
  await expect(hashing.verify('$argon2id$nonsense', 'SuperSecure')).rejects.toThrow()
  expect(await hashing.verify(dummyHash, 'SuperSecure')).toBe(false)
})

test('as many at once as two a core, and every one comes to its own end', async () => {
  const many = createHashing({ cores: 2 })
  const hashed = await many.hash('number 7')
  const tries = Array.from({ length: 12 }, (_, n) => many.verify(hashed, `number ${n}`))
  expect((await Promise.all(tries)).map((matches, n) => matches && n).filter(Boolean)).toEqual([7])
})

test('a thread that dies fails its work alone, and another takes its place', async () => {
  const started: HashingThread[] = []
  const run = createHashingThreads(() => {
    const thread = startHashingThread()
    started.push(thread)
    return thread
  })
  const work = { password: 'SuperSecure', hashed: dummyHash }
  await run(work)
  const failed = run(work)
  started[0]?.end()
  await expect(failed).rejects.toThrow('has ended')
  expect(await run(work)).toBe(false)
  expect(started).toHaveLength(2)
})

test.runIf(process.platform === 'linux')('hashing gives way to the rest of the server', async () => {
  const nicenessOfThreads = () =>
    readdirSync('/proc/self/task').map(thread =>
      Number(readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1]?.split(' ')[16]),
    )
  await hashing.verify(dummyHash, 'SuperSecure')
  const usual = getPriority()
  // Tests that were started at a low priority have nothing lower to give way to.
  expect(nicenessOfThreads()).toContain(Math.max(limits.hashingNiceness, usual))
  expect(getPriority()).toBe(usual)
})
