import type { CallsView, CallView, LiveCallsView, NodesView, OverviewView } from '@switchboard/protocol/admin'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Nodes, rover, startNodes } from '../cluster/nodes.js'
import type { Product } from '../product.js'
import { signedIn } from './panel-client.js'

let cluster: Nodes
let [one, two]: Product[] = []
beforeAll(async () => {
  cluster = await startNodes(2)
  ;[one, two] = cluster.nodes as [Product, Product]
})
afterAll(() => cluster.dispose())
const first = () => one as Product
const second = () => two as Product

const on = ({ dir, admin }: Product) => ({ dir, admin, databaseUrl: cluster.databaseUrl })

const video = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n'
const candidate = (type: string) => `candidate:1 1 udp 2122260223 192.0.2.7 54321 typ ${type}`

/** A call between two nodes, answered. */
async function talking() {
  const [caller, callee] = [await rover(first()), await rover(second())]
  caller.call(callee.number, video)
  const { CALL_ID: id } = await callee.next('call')
  caller.candidate(callee.number, candidate('host'))
  callee.accept(caller.number)
  await caller.until('the answer', ({ REASON }) => REASON === 'callResponse')
  callee.candidate(caller.number, candidate('relay'))
  await caller.until('the candidate', ({ REASON }) => REASON === 'ICECandidate')
  return { id: String(id), caller, callee }
}

const live = async (client: Awaited<ReturnType<typeof signedIn>>['client']) =>
  ((await client.get('/api/calls/live')).body as unknown as LiveCallsView).calls

test('a call is ended from any node, whichever decides about it, and its story says by whom', async () => {
  for (const at of [first(), second()]) {
    const { client } = await signedIn(on(at), `Ada ${at.admin.slice(-5)}`)
    const { id, caller, callee } = await talking()
    expect((await live(client)).find(call => call.id === id)).toMatchObject({
      ...{ state: 'established', video: true, cause: null },
      ...{ from: { number: caller.number }, to: { number: callee.number } },
    })
    expect((await client.post(`/api/calls/${id}/end`)).status).toBe(204)
    for (const device of [caller, callee]) {
      const hangUp = await device.until('the end', ({ REASON }) => REASON === 'HangUp')
      expect(hangUp).toMatchObject({ CALL_ID: id, CAUSE: 'ended_by_admin' })
    }
    expect(await live(client)).toEqual([])
    expect(await client.post(`/api/calls/${id}/end`)).toMatchObject({ status: 404, code: 'no_call' })

    const view = (await client.get(`/api/calls/${id}`)).body as unknown as CallView
    expect(view).toMatchObject({
      call: { state: 'ended', cause: 'ended_by_admin' },
      candidates: { from: { host: 1, relay: 0 }, to: { host: 0, relay: 1 } },
      way: 'unknown',
      verdict: { code: 'ended_by_admin', rang: true, devices: 1 },
    })
    const kinds = ['placed', 'located', 'rung', 'acknowledged', 'accepted', 'ended']
    expect(view.trace.map(({ kind }) => kind)).toEqual(kinds)
    const [device] = view.devices
    expect(device).toMatchObject({ answer: 'accepted' })
    const momentOf = (kind: string) => view.trace.find(line => line.kind === kind)?.at
    expect(device?.acknowledgedAt).toBe(momentOf('acknowledged'))
    const { entries } = (await client.get('/api/audit?act=call.end')).body as {
      entries: { subject: unknown; detail: { refused?: string } }[]
    }
    expect(entries.slice(0, 2)).toMatchObject([
      { subject: { kind: 'call', id }, detail: { refused: 'no_call' } },
      { subject: { kind: 'call', id } },
    ])
  }
})

test('the history is narrowed down, and is a file too; why a call did not ring is said', async () => {
  const { client } = await signedIn(on(first()), 'Bo', 'viewer')
  const caller = await rover(first())
  caller.call('0999999')
  await caller.until('nobody', ({ REASON }) => REASON === 'HangUp')

  const { calls } = (await client.get('/api/calls?cause=unavailable')).body as unknown as CallsView
  const [call] = calls
  expect(call).toMatchObject({ cause: 'unavailable', to: { userId: null, name: null } })
  const view = (await client.get(`/api/calls/${call?.id}`)).body as unknown as CallView
  expect(view.verdict).toMatchObject({ code: 'unavailable', rang: false, devices: 0, secondsToRing: null })

  const { text, headers } = await client.get('/api/calls.csv?cause=unavailable')
  expect(headers['content-type']).toBe('text/csv; charset=utf-8')
  const lines = text.trimEnd().split('\r\n')
  expect(lines[0]).toContain('"from_number"')
  expect(lines).toHaveLength(calls.length + 1)
  expect((await client.get('/api/calls?cause=nonsense')).status).toBe(400)
  expect((await client.get('/api/calls?from=2026-13-01')).status).toBe(400)
})

test('the overview counts all nodes together; each of them is shown, and one that stops is not', async () => {
  const { client } = await signedIn(on(second()), 'Cy', 'viewer')
  const { caller, callee } = await talking()
  const overview = async () => (await client.get('/api/overview')).body as unknown as OverviewView
  const view = await overview()
  expect(view).toMatchObject({ nodes: 2, bus: 'connected', stepSeconds: 10, prometheus: false })
  expect(view.live).toMatchObject({ established: 1, ringing: 0 })
  expect(view.live.connections).toBeGreaterThanOrEqual(2)
  expect(view.live.memoryBytes).toBeGreaterThan(50e6)
  await client.get('/metrics')
  expect((await overview()).prometheus).toBe(true)

  const nodes = async () => ((await client.get('/api/nodes')).body as unknown as NodesView).nodes
  const both = await nodes()
  expect(both.map(({ isThis }) => isThis)).toEqual([true, false])
  expect(both.map(({ draining, version }) => [draining, version.length > 0])).toEqual([
    [false, true],
    [false, true],
  ])
  expect(both.reduce((sum, { calls }) => sum + calls, 0)).toBe(1)
  callee.hangUp(caller.number)
  await caller.until('the end', ({ REASON }) => REASON === 'HangUp')
  await first().stop()
  expect((await nodes()).map(({ isThis }) => isThis)).toEqual([true])
  expect((await overview()).nodes).toBe(1)
})
