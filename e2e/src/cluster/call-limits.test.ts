import { afterAll, beforeAll, expect, it } from 'vitest'
import { establish, expectHangUp } from '../expectations.js'
import { freshNumber } from '../people.js'
import type { Product } from '../product.js'
import { type Nodes, rover, startNodes } from './nodes.js'

let cluster: Nodes
let [a, b] = [] as unknown as [Product, Product]
beforeAll(async () => {
  cluster = await startNodes(2, { RATE_LIMITS: 'on' })
  ;[a, b] = cluster.nodes as [Product, Product]
})
afterAll(() => cluster.dispose())

it('who was called has another home for the call, and the limit on calls goes along', async () => {
  const [rested, busy] = [await rover(b), await rover(a)]
  const nobody = async () => {
    busy.call(freshNumber())
    return busy.until('an answer', ({ REASON }) => REASON === 'HangUp' || REASON === 'error')
  }
  for (let n = 0; n < 10; n++) expect(await nobody()).toMatchObject({ CAUSE: 'unavailable' })
  await establish(rested, busy) // decided about at the node of its caller
  rested.hangUp(busy.number)
  await expectHangUp(busy, 'hung_up')
  expect(await nobody()).toMatchObject({ REASON: 'error', CODE: 'rate_limited' })
  expect((await busy.closed).code).toBe(4429)
})
