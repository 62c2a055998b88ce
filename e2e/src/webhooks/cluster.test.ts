import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Nodes, rover, startNodes } from '../cluster/nodes.js'
import { type Receiver, startReceiver, typesOf } from './receiver.js'

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
let receiver: Receiver
let cluster: Nodes
beforeAll(async () => {
  receiver = await startReceiver(secret)
  cluster = await startNodes(2, {
    ...{ WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: secret, RESUME_WINDOW_SECONDS: '2' },
  })
}, 60_000)
afterAll(async () => {
  await cluster?.dispose()
  await receiver?.stop()
})

const all = ['call.started', 'call.answered', 'call.ended']
const ended = (callId: string) =>
  receiver.until(`the end of ${callId}`, () => typesOf(receiver.taken, callId).includes('call.ended'))

async function callAcross() {
  const [one, two] = cluster.nodes
  if (!one || !two) throw new Error('no nodes')
  const [caller, callee] = [await rover(one), await rover(two)]
  caller.call(callee.number)
  const callId = String((await callee.next('call')).CALL_ID)
  callee.accept(caller.number)
  await caller.until('the answer', ({ REASON }) => REASON === 'callResponse')
  return { caller, callee, callId }
}

it('calls across nodes are told of once, in order, whichever node sends', async () => {
  const calls = []
  for (let n = 0; n < 5; n++) calls.push(await callAcross())
  for (const { caller, callee } of calls) caller.hangUp(callee.number)
  for (const { callId } of calls) await ended(callId)
  for (const { callId } of calls) expect(typesOf(receiver.events, callId)).toEqual(all)
}, 60_000)

it('a call whose node is killed is told of by the one that takes it over', async () => {
  const { callId } = await callAcross()
  await receiver.until('the answer', () => typesOf(receiver.taken, callId).includes('call.answered'))
  await cluster.nodes[0]?.kill()
  await ended(callId)
  expect(typesOf(receiver.taken, callId)).toEqual(all)
  expect(
    receiver.taken.find(({ type, data }) => type === 'call.ended' && data.call_id === callId)?.data.cause,
  ).toBe('connection_lost')
  expect(receiver.forged).toBe(0)
}, 120_000)
