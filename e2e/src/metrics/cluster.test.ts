import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Nodes, rover, startNodes } from '../cluster/nodes.js'
import type { Product } from '../product.js'
import { scrape, scrapeUntil } from './scrape.js'

describe('two nodes', () => {
  let cluster: Nodes
  let [one, two]: Product[] = []
  beforeAll(async () => {
    cluster = await startNodes(2)
    ;[one, two] = cluster.nodes as [Product, Product]
  })
  afterAll(() => cluster.dispose())
  const first = () => one as Product
  const second = () => two as Product

  it('count what goes between them, and know of each other', async () => {
    const met = await scrapeUntil(first(), 'the other node', ({ sum }) => sum('switchboard_peers') === 1)
    expect(met.sum('switchboard_bus_state', { state: 'connected' })).toBe(1)
    const [caller, callee] = [await rover(first()), await rover(second())]
    caller.call(callee.number)
    await callee.next('call')
    callee.accept(caller.number)
    await caller.until('the answer', ({ REASON }) => REASON === 'callResponse')
    for (const node of [first(), second()]) {
      const { sum } = await scrape(node)
      for (const direction of ['in', 'out']) {
        expect(sum('switchboard_bus_messages_total', { direction })).toBeGreaterThan(0)
        expect(sum('switchboard_bus_message_chars_total', { direction })).toBeGreaterThan(100)
      }
      expect(sum('switchboard_lease_beats_total', { outcome: 'renewed' })).toBeGreaterThan(0)
      expect(sum('switchboard_lease_age_seconds')).toBeLessThan(10)
      expect(sum('switchboard_bus_requests_total')).toBeGreaterThan(0)
    }
    // It is decided about a call at one of them.
    const looks = await Promise.all([first(), second()].map(node => scrape(node)))
    const total = (name: string) => looks.reduce((sum, look) => sum + look.sum(name), 0)
    expect(total('switchboard_calls_placed_total')).toBe(1)
    expect(total('switchboard_calls_answered_total')).toBe(1)
    expect(total('switchboard_calls')).toBe(1)
  })

  it('a node that dies, and the bus that goes and comes back', async () => {
    // What nobody acknowledged may die with a node; a call that is written is taken over.
    await scrapeUntil(first(), 'the call, written', ({ sum }) => sum('switchboard_journal_waiting') === 0)
    await first().kill() // the caller's: it decided about the call
    const left = await scrapeUntil(
      second(),
      'the call of the other',
      ({ sum }) => sum('switchboard_peers') === 0 && sum('switchboard_calls') === 1,
    )
    expect(left.sum('switchboard_takeovers_total')).toBe(1)
    expect(left.sum('switchboard_calls_taken_over_total')).toBe(1)
    await cluster.nats.kill()
    await scrapeUntil(second(), 'no bus', ({ sum }) => sum('switchboard_bus_state', { state: 'away' }) === 1)
    await cluster.nats.start()
    const back = await scrapeUntil(
      second(),
      'the bus',
      ({ sum }) => sum('switchboard_bus_state', { state: 'connected' }) === 1,
    )
    expect(back.sum('switchboard_bus_changes_total', { to: 'away' })).toBe(1)
    expect(back.sum('switchboard_bus_changes_total', { to: 'connected' })).toBe(1)
  })
})
