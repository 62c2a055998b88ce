import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { root } from '../product.js'
import { request } from '../rest-client.js'
import { guarded } from '../trust/guarded.js'
import { type Scrape, scrape, scrapeUntil } from './scrape.js'

let mailbox: Mailbox
beforeAll(async () => {
  mailbox = await openMailbox()
})
afterAll(() => mailbox.close())
const guard = guarded({ env: () => ({ SMTP_URL: mailbox.url }) })
const { server, client, join } = guard

type Labels = Readonly<Record<string, string>>

/** What moved between two looks, and by how much. */
function moves(before: Scrape, after: Scrape) {
  return (name: string, labels: Labels = {}) => after.sum(name, labels) - before.sum(name, labels)
}

describe('each metric moves when its thing happens', () => {
  it('calls: placed, ringing, answered, ended by cause, relayed', async () => {
    const [ada, bob] = [await join(), await join()]
    const before = await scrape(server)
    const [caller, callee] = [await guard.device(ada), await guard.device(bob)]
    caller.call(bob.phone_number)
    await callee.next('call')
    await caller.next('ringing')
    const ringing = await scrape(server)
    expect(ringing.sum('switchboard_calls', { state: 'ringing' })).toBe(1)
    callee.accept(ada.phone_number)
    await caller.next('callResponse')
    const active = await scrape(server)
    expect(active.sum('switchboard_calls', { state: 'established' })).toBe(1)
    expect(active.sum('switchboard_users_present')).toBe(2)
    expect(active.sum('switchboard_devices', { state: 'connected' })).toBe(2)
    expect(active.sum('switchboard_sockets')).toBe(2)
    caller.candidate(bob.phone_number, 'candidate:1 1 udp 1 198.51.100.1 9 typ host')
    await callee.next('ICECandidate')
    callee.hangUp(ada.phone_number)
    await caller.next('HangUp')
    caller.call(bob.phone_number)
    await callee.next('call')
    callee.deny(ada.phone_number)
    await caller.until('the no', ({ REASON }) => REASON === 'callResponse')
    caller.call('84563210980')
    await caller.until('nobody there', ({ CAUSE }) => CAUSE === 'unavailable')

    const moved = moves(
      before,
      await scrapeUntil(
        server,
        'the steps to be written',
        after => moves(before, after)('switchboard_journal_write_seconds_count') > 0,
      ),
    )
    expect(moved('switchboard_calls_placed_total')).toBe(3)
    expect(moved('switchboard_calls_answered_total')).toBe(1)
    expect(moved('switchboard_call_ringing_seconds_count')).toBe(2)
    expect(moved('switchboard_call_answer_seconds_count')).toBe(1)
    for (const cause of ['hung_up', 'denied', 'unavailable'])
      expect(moved('switchboard_calls_ended_total', { cause }), cause).toBe(1)
    expect(moved('switchboard_calls_ended_total')).toBe(3)
    expect(moved('switchboard_relay_seconds_count')).toBe(7)
    expect(moved('switchboard_messages_received_total')).toBe(9)
    for (const [reason, count] of Object.entries({
      connect: 2,
      call: 3,
      callResponse: 2,
      ICECandidate: 1,
      HangUp: 1,
    }))
      expect(moved('switchboard_messages_received_total', { reason }), reason).toBe(count)
    expect(moved('switchboard_frames_sent_total')).toBeGreaterThanOrEqual(10)
    expect(moved('switchboard_connects_total', { outcome: 'fresh' })).toBe(2)
    expect(moved('switchboard_database_statement_seconds_count', { statement: 'calls' })).toBeGreaterThan(0)
  })

  it('sockets: how they end, which are refused, which come back', async () => {
    const ada = await join()
    const before = await scrape(server)
    const device = await guard.device(ada)
    await device.drop()
    await scrapeUntil(
      server,
      'a device without its socket',
      after =>
        after.sum('switchboard_devices', { state: 'away' }) >
        before.sum('switchboard_devices', { state: 'away' }),
    )
    await device.resume()
    const large = await guard.device(await join())
    large.wire.sendText(`{"REASON":"${'x'.repeat(70_000)}"}`)
    expect((await large.closed).code).toBe(1009)
    const loud = await guard.device(await join())
    for (let n = 0; n < 100; n++) loud.wire.sendText('noise')
    expect((await loud.closed).code).toBe(4429)
    const stranger = await client().wire()
    stranger.send({ REASON: 'connect', TOKEN: 'none' })
    expect((await stranger.closed).code).toBe(4401)
    device.hangUp(ada.phone_number)
    await device.next('error')
    await expect(server.wire({ headers: { origin: 'https://evil.example' } })).rejects.toThrow('403')
    const others = await Promise.all([1, 2, 3, 4, 5].map(() => guard.device(ada)))
    await device.closed
    expect(others).toHaveLength(5)

    const after = await scrapeUntil(
      server,
      'the last close',
      each => moves(before, each)('switchboard_socket_closes_total', { code: '4409' }) === 1,
    )
    const moved = moves(before, after)
    for (const code of ['1006', '1009', '4401', '4409', '4429'])
      expect(moved('switchboard_socket_closes_total', { code }), code).toBe(1)
    for (const limit of ['frameBytes', 'controlMessages', 'devicesPerUser'])
      expect(moved('switchboard_limits_tripped_total', { limit }), limit).toBe(1)
    expect(moved('switchboard_connects_total', { outcome: 'resumed' })).toBe(1)
    expect(moved('switchboard_connects_total', { outcome: 'refused' })).toBe(1)
    expect(moved('switchboard_socket_refusals_total', { reason: 'foreign_origin' })).toBe(1)
    expect(moved('switchboard_signaling_errors_total', { code: 'no_call' })).toBe(1)
    expect(moved('switchboard_signaling_errors_total', { code: 'rate_limited' })).toBe(1)
    expect(moved('switchboard_messages_received_total', { reason: 'invalid' })).toBeGreaterThanOrEqual(60)
  })

  it('REST: by route and class of status, whatever path was asked for', async () => {
    const before = await scrape(server)
    const { rest } = client()
    const ada = await join()
    await rest('POST', '/login', { body: { email: ada.email, password: 'not the one' } })
    await rest('GET', `/no-such/${ada.phone_number}`)
    await rest('PATCH', '/login')
    for (let n = 0; n < 21; n++)
      await rest('POST', '/add_contact', { token: ada.token, body: { contact_phonenumber: '84563210981' } })
    await rest('POST', '/get_reset_password_code', { body: { email: ada.email } })
    await mailbox.code(ada.email)

    const name = 'switchboard_http_request_duration_seconds_count'
    const after = await scrapeUntil(
      server,
      'the mail',
      each => moves(before, each)('switchboard_mails_total', { outcome: 'delivered' }) === 1,
    )
    const moved = moves(before, after)
    expect(moved(name, { method: 'POST', route: '/create_user', status: '2xx' })).toBe(1)
    expect(moved(name, { method: 'POST', route: '/login', status: '2xx' })).toBe(1)
    expect(moved(name, { method: 'POST', route: '/login', status: '4xx' })).toBe(1)
    expect(moved(name, { route: 'none', status: '4xx' })).toBe(2)
    expect(moved('switchboard_http_refusals_total', { code: 'invalid_credentials' })).toBe(1)
    expect(moved('switchboard_http_refusals_total', { code: 'user_not_found' })).toBe(20)
    expect(moved('switchboard_limits_tripped_total', { limit: 'lookups' })).toBe(1)
    expect(moved('switchboard_hashing_seconds_count')).toBe(3)
    expect(moved('switchboard_hashing_wait_seconds_count')).toBe(3)
    expect(moved('switchboard_database_wait_seconds_count')).toBeGreaterThan(20)
    expect(after.sum('switchboard_http_requests_under_way')).toBe(0)
  })

  it('the process: time, memory, garbage, the event loop', async () => {
    const before = await scrape(server)
    const after = await scrapeUntil(
      server,
      'a look at the event loop',
      each => moves(before, each)('nodejs_eventloop_delay_seconds_count') > 0,
    )
    expect(after.sum('process_cpu_seconds_total')).toBeGreaterThan(0)
    expect(after.sum('process_resident_memory_bytes')).toBeGreaterThan(20e6)
    expect(after.sum('process_open_fds')).toBeGreaterThan(10)
    expect(after.sum('nodejs_gc_duration_seconds_count')).toBeGreaterThan(0)
    expect(after.sum('nodejs_memory_bytes', { kind: 'heap_used' })).toBeGreaterThan(1e6)
    expect(Math.abs(after.sum('process_start_time_seconds') - Date.now() / 1000)).toBeLessThan(300)
    expect(after.sum('switchboard_bus_state', { state: 'none' })).toBe(1)
    expect(after.sum('switchboard_account_feed_age_seconds')).toBeLessThan(3)
  })
})

describe('what is shown', () => {
  it('has nothing of a client in it: no number, mail, id, token or address', async () => {
    const { text, series } = await scrape(server)
    for (const secret of server.secrets()) expect(text).not.toContain(secret)
    const values = new Set(
      series.flatMap(({ labels }) => Object.entries(labels).map(([name, value]) => `${name}=${value}`)),
    )
    for (const label of values) {
      expect(label).toMatch(/^[a-z]+=[\w .:*/+{}-]*$/)
      expect(label).not.toMatch(/\d{6}|@|[0-9a-f]{8}-[0-9a-f]{4}|198\.1[89]\.|evil/)
    }
    // All of a life above, and a table that still is one: no label makes series without end.
    expect(series.length).toBeLessThan(2_000)
  })

  it('passes promtool, in both formats as those who read them ask', async () => {
    const plain = await scrape(server)
    expect(plain.contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: plain.text, encoding: 'utf8' })
    expect(checked.error).toBeUndefined()
    expect(`${checked.stdout}${checked.stderr}`).toBe('')
    expect(checked.status).toBe(0)
    const open = await scrape(server, 'prometheus')
    expect(open.contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect(open.text.endsWith('\n# EOF\n')).toBe(true)
    expect(open.series.length).toBeGreaterThan(300)
  })

  it('is on the port of the operator alone', async () => {
    for (const base of [server.api, server.signal.replace('ws:', 'http:')])
      expect((await request(base, 'GET', '/metrics')).status).not.toBe(200)
    const { status, headers } = await request(server.admin, 'GET', '/metrics')
    expect(status).toBe(200)
    expect(headers['cache-control']).toBe('no-store')
    expect((await request(server.admin, 'POST', '/metrics')).status).toBe(405)
    expect((await request(server.admin, 'GET', '/elsewhere')).status).toBe(404)
    expect((await request(server.admin, 'GET', '/health/live')).status).toBe(200)
  })
})

describe('docs/metrics.md', () => {
  it('lists what is shown, and nothing else', async () => {
    const { text, series } = await scrape(server)
    const shown = [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)$/gm)].map(
      ([, name = '', help = '', type = '']) => {
        const own = series.filter(
          each => each.name.replace(/_(bucket|sum|count)$/, '') === name || each.name === name,
        )
        const labels = new Set(
          own.flatMap(({ labels }) => Object.keys(labels)).filter(label => label !== 'le'),
        )
        const written = [...labels].map(label => `\`${label}\``).join(', ')
        return `| \`${name}\` | ${type} | ${written} | ${help} |`
      },
    )
    expect(shown.length).toBeGreaterThan(50)
    const documented = await readFile(`${root}docs/metrics.md`, 'utf8')
    expect(documented.split('\n').filter(line => line.startsWith('| `'))).toEqual(shown)
  })
})

describe('on the way out', () => {
  it('says so, for as long as a request is not answered', async () => {
    const { hostname, port } = new URL(server.api)
    const socket = connect(Number(port), hostname)
    const answer = text(socket)
    const body = JSON.stringify({ email: 'nobody@domain.yup', password: 'SuperSecure' })
    const fields = `host: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`
    socket.write(`POST /login HTTP/1.1\r\n${fields}\r\n\r\n${body.slice(0, 10)}`)
    await scrapeUntil(server, 'the request', ({ sum }) => sum('switchboard_http_requests_under_way') === 1)
    process.kill(server.pid, 'SIGTERM')
    await scrapeUntil(server, 'its leaving', ({ sum }) => sum('switchboard_draining') === 1)
    socket.write(body.slice(10))
    expect(await answer).toMatch(/^HTTP\/1\.1 401 /)
    await server.stop()
    await expect(scrape(server)).rejects.toThrow()
  })
})
