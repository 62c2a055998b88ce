import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Nodes, rover, startNodes } from '../cluster/nodes.js'
import { request } from '../rest-client.js'
import { type Collector, openCollector } from './collector.js'
import { scrapeUntil } from './scrape.js'

let collector: Collector
let cluster: Nodes
beforeAll(async () => {
  collector = await openCollector()
  cluster = await startNodes(2, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20sesame',
  })
})
afterAll(async () => {
  await cluster?.dispose()
  await collector?.close()
})

const nodes = () => {
  const [one, two] = cluster.nodes
  if (!one || !two) throw new Error('no nodes')
  return { one, two }
}

it('a call is one trace, of all nodes that had to do with it', async () => {
  const { one, two } = nodes()
  const [caller, callee] = [await rover(one), await rover(two)]
  caller.call(callee.number)
  const { CALL_ID: callId } = await callee.next('call')
  callee.accept(caller.number)
  await caller.until('the answer', ({ REASON }) => REASON === 'callResponse')
  caller.candidate(callee.number, 'candidate:1 1 udp 1 198.51.100.1 9 typ host')
  await callee.until('the candidate', ({ REASON }) => REASON === 'ICECandidate')
  caller.hangUp(callee.number)
  await callee.until('the end', ({ REASON }) => REASON === 'HangUp')

  const trace = String(callId).replaceAll('-', '')
  const ofCall = () => collector.spans.filter(({ traceId }) => traceId === trace)
  await collector.until('the whole call', () => ofCall().length === 8)
  const names = ofCall().map(({ name }) => name)
  expect(names.sort()).toEqual([
    'call',
    'reach the callee',
    'ring',
    'talk',
    'tell a device call',
    'tell a device callResponse',
    'tell a device hangUp',
    'tell a device ringing',
  ])
  expect(new Set(ofCall().map(({ node }) => node)).size).toBe(2)
  const root = ofCall().find(({ name }) => name === 'call')
  expect(root?.parentSpanId).toBeUndefined()
  expect(root?.attributes).toEqual([
    { key: 'call.cause', value: { stringValue: 'hung_up' } },
    { key: 'call.answered', value: { boolValue: true } },
  ])
  const ids = new Set<string>()
  for (const span of ofCall()) {
    expect(span.spanId).toMatch(/^[0-9a-f]{16}$/)
    ids.add(span.spanId)
    if (span !== root) expect(span.parentSpanId).toBe(root?.spanId)
    const [from, to] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)]
    expect(to >= from).toBe(true)
    expect(Math.abs(Number(from / 1_000_000n) - Date.now())).toBeLessThan(120_000)
  }
  expect(ids.size).toBe(8)

  // The log's lines about the call lead to its trace, and nothing in it to a person.
  const sent = JSON.stringify(collector.spans)
  for (const { account } of [caller, callee])
    for (const secret of [account.phone_number, account.email, account.token, account.password])
      expect(sent).not.toContain(secret)
})

it('a request is a trace by the id that its answer carries', async () => {
  const { one } = nodes()
  const { headers } = await request(one.api, 'GET', '/get_user?secret=84563210982', { token: 'none' })
  const trace = String(headers['x-request-id']).replaceAll('-', '')
  await collector.until('the request', spans => spans.some(({ traceId }) => traceId === trace))
  const span = collector.spans.find(({ traceId }) => traceId === trace)
  expect(span?.name).toBe('GET /get_user')
  expect(JSON.stringify(span)).toContain('"http.response.status_code","value":{"intValue":"401"}')
  expect(JSON.stringify(collector.spans)).not.toContain('84563210982')
})

it('goes to the collector with its header fields, and a collector that refuses costs the traces alone', async () => {
  const { one } = nodes()
  for (const { path, headers } of collector.requests) {
    expect(path).toBe('/v1/traces')
    expect(headers.authorization).toBe('Bearer sesame')
  }
  collector.answer(503)
  expect((await request(one.api, 'GET', '/get_user')).status).toBe(401)
  await scrapeUntil(
    one,
    'dropped spans',
    ({ sum }) => sum('switchboard_spans_total', { outcome: 'dropped' }) > 0,
  )
  collector.answer(200)
  expect(one.logs()).toContain('the collector does not take our traces')
  expect(one.logs()).not.toContain('sesame')
})
