import { EventEmitter, once } from 'node:events'
import { expect, test } from 'vitest'
import { type Bus, BusTimeout, NoResponders } from './bus.js'

/** What lines and homes count on, whatever carries the messages. */
export function busContract(join: () => Promise<Bus>) {
  /** Everything that arrives at a subject, and a way to wait for so many. */
  async function listen(bus: Bus, subject: string) {
    const came: string[] = []
    const events = new EventEmitter()
    const subscription = bus.subscribe(subject, ({ data }) => {
      came.push(data)
      events.emit('message')
    })
    await subscription.ready
    return {
      came,
      subscription,
      async until(count: number) {
        while (came.length < count) await once(events, 'message')
        return came
      },
    }
  }

  test('what one node publishes reaches every subscriber, in order, itself included', async () => {
    const [a, b] = [await join(), await join()]
    const [here, there] = [await listen(a, 'x.1'), await listen(b, 'x.1')]
    for (let n = 0; n < 100; n++) a.publish('x.1', `${n}`)
    const all = Array.from({ length: 100 }, (_, n) => `${n}`)
    expect(await there.until(100)).toEqual(all)
    expect(await here.until(100)).toEqual(all)
  })

  test('a subject is heard by those alone who subscribed to it, and no longer than that', async () => {
    const [a, b] = [await join(), await join()]
    const one = await listen(b, 'x.1')
    const two = await listen(b, 'x.2')
    two.subscription.unsubscribe()
    a.publish('x.2', 'for nobody')
    a.publish('x.1', 'for one')
    expect(await one.until(1)).toEqual(['for one'])
    expect(two.came).toEqual([])
  })

  test('a request is answered by who is subscribed', async () => {
    const [a, b] = [await join(), await join()]
    await b.subscribe('x.ask', ({ data, reply }) => reply(`${data}, you said`)).ready
    expect(await a.request('x.ask', 'åäö', 5_000)).toBe('åäö, you said')
  })

  test('a request to nobody is answered at once: nobody', async () => {
    const [a, b] = [await join(), await join()]
    await expect(a.request('x.ask', '', 60_000)).rejects.toBeInstanceOf(NoResponders)
    const subscription = b.subscribe('x.ask', () => undefined)
    await subscription.ready
    subscription.unsubscribe()
    await b.request('x.none', '', 60_000).catch(() => undefined) // b's unsubscribing is known when it is answered
    await expect(a.request('x.ask', '', 60_000)).rejects.toBeInstanceOf(NoResponders)
  })

  test('who is asked and says nothing is waited for as long as was said', async () => {
    const [a, b] = [await join(), await join()]
    await b.subscribe('x.ask', () => undefined).ready
    await expect(a.request('x.ask', '', 50)).rejects.toBeInstanceOf(BusTimeout)
  })

  test('a node that leaves is subscribed nowhere', async () => {
    const [a, b] = [await join(), await join()]
    await b.subscribe('x.ask', ({ reply }) => reply('yes')).ready
    expect(await a.request('x.ask', '', 5_000)).toBe('yes')
    await b.close()
    await expect(a.request('x.ask', '', 60_000)).rejects.toBeInstanceOf(NoResponders)
  })
}
