import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshSdp } from '../device.js'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { person } from '../people.js'
import { startProduct } from '../product.js'
import { freshPassword } from './fresh-password.js'
import { guarded } from './guarded.js'
import { live } from './life.js'
import { switchboard } from './operator.js'

const turnSecret = `turn ${randomUUID()} ${randomUUID()}`
const smtpPassword = `smtp-${randomUUID()}`

describe('at LOG_LEVEL=trace', () => {
  let mailbox: Mailbox
  beforeAll(async () => {
    mailbox = await openMailbox()
  })
  afterAll(() => mailbox.close())
  const guard = guarded({
    env: () => ({
      LOG_LEVEL: 'trace',
      TURN_URLS: 'turn:127.0.0.1:3478',
      TURN_SECRET: turnSecret,
      SMTP_URL: mailbox.url.replace('smtp://', `smtp://switchboard:${smtpPassword}@`),
    }),
  })
  const { server, client, join, device } = guard
  const said = new Map<string, string>([
    ['secret of TURN', turnSecret],
    ['password of the mail server', smtpPassword],
  ])
  /** Remembers that this was said, and says it. */
  const note = (what: string, text: string) => {
    said.set(`${what} ${said.size}`, text)
    return text
  }

  it('no token, code, password, number, mail address, SDP or candidate is logged, whatever happens', async () => {
    const { rest } = client()
    const [ada, bob] = [await join(), await join()]
    for (const { token, password, phone_number, email } of [ada, bob]) {
      note('token', token)
      note('signature', token.split('.')[2] ?? token)
      note('password', password)
      note('number', phone_number)
      note('email', email)
    }

    // Sockets: calls, candidates, nonsense, too much, a dead token, a foreign one.
    const [caller, callee] = [await device(ada), await device(bob)]
    caller.call(bob.phone_number, note('SDP', freshSdp()))
    await callee.next('call')
    const candidate = () =>
      note('candidate', `candidate:1 1 udp 1 198.51.100.1 9 typ host ufrag ${randomUUID()}`)
    caller.candidate(bob.phone_number, candidate())
    callee.candidate(ada.phone_number, candidate())
    callee.accept(ada.phone_number, note('SDP', freshSdp()))
    await caller.until('the answer', ({ REASON }) => REASON === 'callResponse')
    for (const text of [
      `{"REASON":"call","SDP":"${note('broken SDP', randomUUID())}"`,
      `{"REASON":"call","RECEIVER_PHONE_NUMBER":"x${note('bad number', '84563210987')}","SDP":""}`,
      `{"REASON":"HangUp","SENDER_PHONE_NUMBER":"${note('false sender', '84563210988')}","RECEIVER_PHONE_NUMBER":"1"}`,
      note('nonsense', randomUUID()),
    ])
      caller.wire.sendText(text)
    caller.call(note('number', '84563210989'))
    await caller.fence()
    await caller.drop()
    await caller.resume()
    const stranger = await client().wire()
    stranger.send({ REASON: 'connect', TOKEN: note('false token', `eyJ.${randomUUID()}.x`) })
    await stranger.closed
    const loud = await device(await join())
    for (let n = 0; n < 100; n++) loud.wire.sendText(note('flood', randomUUID()))
    await loud.closed

    // REST: right, wrong, broken, in the wrong place.
    const bodies: [string, string, object][] = [
      ['POST', '/login', { email: ada.email, password: note('wrong password', freshPassword()) }],
      ['POST', '/login', { email: note('unknown email', person().email), password: freshPassword() }],
      ['POST', '/create_user', { ...person(), email: note('bad email', `${randomUUID()}@@x`) }],
      ['POST', '/create_user', { ...person(), password: note('weak password', 'password1').slice(0, 9) }],
      ['POST', '/create_user', { ...person(), [note('field', randomUUID())]: 1 }],
      ['POST', '/add_contact', { contact_phonenumber: note('number', '84563210990') }],
      ['PUT', '/block_number', { phone_number: note('number', '84563210991') }],
      ['PUT', '/put_firstname', { firstname: note('name', `Ada ${randomUUID()}`) }],
      ['PUT', '/put_password', { email: ada.email, new_password: note('password', freshPassword()) }],
    ]
    for (const [method, path, body] of bodies) await rest(method, path, { token: ada.token, body })
    const broken = `{"email":"${note('broken email', `${randomUUID()}@x.org`)}","password":"${note('broken', randomUUID())}`
    await rest('POST', '/login', { raw: broken, headers: { 'content-type': 'application/json' } })
    const query = `/login?token=${note('token in a URL', randomUUID())}&email=${encodeURIComponent(ada.email)}`
    for (const path of [query, `/nowhere/${note('path', randomUUID())}`, `/get_user?x=${ada.token}`])
      await rest('GET', path, { token: ada.token })
    await rest('GET', '/get_user', { token: note('bad token', `eyJ.${randomUUID()}.x`) })
    for (const path of ['/get_turn_credentials', '/export_user', '/get_contacts', '/get_call_history']) {
      const { text } = await rest('GET', path, { token: ada.token })
      for (const [, credential] of text.matchAll(/"credential":"([^"]+)"/g))
        note('credential', credential ?? '')
    }

    // Recovery, with the mail server there and away.
    const { email } = bob
    await rest('POST', '/get_reset_password_code', { body: { email } })
    const verify_code = note('code', await mailbox.code(email))
    await rest('POST', '/verify_reset_password_code', {
      body: { email, verify_code: note('code', 'WRNGCXDE98') },
    })
    const { body } = await rest('POST', '/verify_reset_password_code', { body: { email, verify_code } })
    const token = note('reset token', String(body.token))
    const new_password = note('new password', freshPassword())
    expect((await rest('PUT', '/put_password', { token, body: { email, new_password } })).status).toBe(204)
    const port = Number(new URL(mailbox.url).port)
    await mailbox.close()
    const { traces } = await live(guard).finally(async () => {
      mailbox = await openMailbox(port)
    })
    for (const trace of traces.slice(0, 3)) note('trace', trace)
    await switchboard(server, 'user', 'disable', ada.email)
    await caller.closed
    await server.stop()
    await server.start()

    const logs = server.logs()
    expect(logs.length).toBeGreaterThan(1_000)
    const found = [...said].filter(([, text]) => logs.includes(text)).map(([what]) => what)
    expect(logs).not.toMatch(/198\.18\.\d+\.\d+/) // nor where anybody was
    expect(found.filter(what => !what.startsWith('weak password'))).toEqual([])
  })
})

describe('a start that fails', () => {
  it.each([
    ['the database', { DATABASE_URL: `postgresql://switchboard:${smtpPassword}@127.0.0.1:1/switchboard` }],
    ['a setting', { SMTP_URL: `nonsense:${smtpPassword}`, TURN_SECRET: turnSecret }],
  ])('for %s tells no secret', async (_, env) => {
    const failure = await startProduct({ env: { LOG_LEVEL: 'trace', ...env } }).then(
      () => expect.unreachable(),
      (error: Error) => error.message,
    )
    expect(failure).toMatch(/database|SMTP_URL/)
    for (const secret of [smtpPassword, turnSecret]) expect(failure).not.toContain(secret)
  })
})
