import { expect, test } from 'vitest'
import { createLocalHub } from '../bus/local.js'
import { limits } from '../limits.js'
import { createWakingBus } from './waking.js'

function world() {
  let now = 0
  const due: (() => void)[] = []
  const hub = createLocalHub()
  const clock = { monotonic: () => now, wall: () => now }
  const after = (_: number, run: () => void) => {
    due.push(run)
    return () => undefined
  }
  const waking = createWakingBus(hub.join(), clock, { after })
  const heard: string[] = []
  const came: string[] = []
  const others = hub.join()
  others.subscribe('out', ({ data }) => heard.push(data))
  waking.bus.subscribe('in', ({ data }) => came.push(data))
  return {
    ...waking,
    heard,
    came,
    say: (data: string) => waking.bus.publish('out', data),
    tell: async (data: string) => {
      others.publish('in', data)
      await new Promise(resolve => setImmediate(resolve))
    },
    pass: (ms: number) => {
      now += ms
    },
    tick: () => due.splice(0).forEach(run => void run()),
    now: () => now,
  }
}

test('who stood still for longer than its lease says and hears nothing until it is renewed', async () => {
  for (const first of ['speaking', 'the timer'] as const) {
    const { bus, certain: waiting, pass, say, tell, tick, heard, came, renewed, now } = world()
    say('before')
    const askedBefore = now()
    pass(limits.leaseMs + 1)
    if (first === 'the timer') tick()
    say('dazed')
    await tell('dazed')
    tick()
    pass(limits.nodeBeatMs)
    tick()
    renewed(askedBefore)
    say('still dazed: that answer is of before')
    await expect(bus.request('out', '', 10)).rejects.toThrow('no reply')
    let isCertain = false
    const certain = waiting().then(() => {
      isCertain = true
    })
    await new Promise(resolve => setImmediate(resolve))
    expect(isCertain).toBe(false)
    renewed(now())
    await certain
    say('after')
    await tell('after')
    expect(heard).toEqual(['before', 'after'])
    expect(came).toEqual(['after'])
  }
})

test('a shorter standstill changes nothing', async () => {
  const { pass, say, tell, heard, came } = world()
  pass(limits.leaseMs)
  say('on')
  await tell('on')
  expect([heard, came]).toEqual([['on'], ['on']])
})
