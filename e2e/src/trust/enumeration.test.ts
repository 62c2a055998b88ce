import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Device } from '../device.js'
import { type Mailbox, openMailbox } from '../mailbox.js'
import { freshNumber, type Person, person } from '../people.js'
import type { RestResponse } from '../rest-client.js'
import { running } from '../running.js'
import type { Frame } from '../wire.js'
import { openDatabase } from './database.js'
import { guarded } from './guarded.js'
import { areaUnderCurve, expectOneTime, type Probe, timed } from './separation.js'

const wrongCode = 'WRNGCXDE99'
/** Calls that are measured side by side, each by a caller of its own. */
const lanes = 5
const forLongRuns = { timeout: 1_800_000 }

/** What somebody sees of an answer, but for its own id and the time of day. */
function seen({ status, headers, text }: RestResponse) {
  const { 'x-request-id': _, date: __, ...rest } = headers
  return { status, headers: rest, body: text.replace(/"instance":"[^"]*"/, '') }
}

describe('who has an account', () => {
  let mailbox: Mailbox
  beforeAll(async () => {
    mailbox = await openMailbox()
  })
  afterAll(() => mailbox.close())
  const { client, join, database } = guarded({ env: () => ({ SMTP_URL: mailbox.url }) })
  const stranger = async () => person()

  /** An account that nobody has asked for, each time another one. */
  async function accounts(prepare: (emails: readonly string[]) => Promise<void> = async () => {}) {
    const { people } = await database()
    const template = await join()
    const left: Person[] = []
    return async () => {
      if (left.length === 0) {
        left.push(...(await people(100, template)))
        await prepare(left.map(({ email }) => email))
      }
      return left.pop() ?? template
    }
  }
  const probe =
    (who: () => Promise<Person>, ask: (who: Person) => Promise<RestResponse>, status: number): Probe =>
    async () => {
      const somebody = await who()
      return timed(async () => expect((await ask(somebody)).status).toBe(status))
    }

  it('is not told by a login', forLongRuns, async context => {
    const known = await accounts()
    const ask = ({ email }: Person) =>
      client().rest('POST', '/login', { body: { email, password: 'Kestrel wrong' } })
    expect(seen(await ask(await known()))).toEqual(seen(await ask(person())))
    await expectOneTime({ known: probe(known, ask, 401), unknown: probe(stranger, ask, 401) }, context)
  })

  it('is not told by the wish for a reset mail', forLongRuns, async context => {
    const known = await accounts()
    const ask = ({ email }: Person) => client().rest('GET', '/get_reset_password_code', { body: { email } })
    expect(seen(await ask(await known()))).toEqual(seen(await ask(person())))
    await expectOneTime({ known: probe(known, ask, 202), unknown: probe(stranger, ask, 202) }, context)
  })

  it('is not told by a reset code that is refused', forLongRuns, async context => {
    const { query } = await database()
    const withCode = await accounts(async emails => {
      await query(
        `insert into password_resets (id, user_id, code_hash, created_at, code_expires_at)
         select gen_random_uuid(), id, decode(md5(email) || md5(id::text), 'hex'), now(), now() + interval '10 minutes'
         from users where email = any($1::text[])`,
        [emails],
      )
    })
    const ask = ({ email }: Person) =>
      client().rest('GET', '/verify_reset_password_code', { body: { email, verify_code: wrongCode } })
    expect(seen(await ask(await withCode()))).toEqual(seen(await ask(person())))
    await expectOneTime({ known: probe(withCode, ask, 400), unknown: probe(stranger, ask, 400) }, context, {
      lanes: 5,
    })
  })

  it('is told by a registration, but not whether by its number or its email', forLongRuns, async context => {
    const known = await accounts()
    const ask = (who: Person) => client().rest('POST', '/create_user', { body: who })
    const ofEmail = async () => person({ email: (await known()).email })
    const ofNumber = async () => person({ phone_number: (await known()).phone_number })
    expect(seen(await ask(await ofEmail()))).toEqual(seen(await ask(await ofNumber())))
    await expectOneTime({ number: probe(ofNumber, ask, 409), email: probe(ofEmail, ask, 409) }, context)
  })

  it('is what the figures would show', () => {
    const times = Array.from({ length: 300 }, () => 20 + Math.random())
    expect(Math.abs(areaUnderCurve(times, times.toReversed()) - 0.5)).toBeLessThan(1e-9)
    expect(
      areaUnderCurve(
        times,
        times.map(ms => ms + 0.3),
      ),
    ).toBeLessThan(0.3)
    expect(areaUnderCurve([3, 4], [1, 2])).toBe(1)
  })
})

describe('whom a call does not reach', () => {
  // Without limits: a caller has ten calls, and this takes hundreds.
  const server = running()
  const put = (token: string, path: string, body: object) => server.rest('PUT', path, { token, body })

  async function unreached(...callers: readonly Device[]): Promise<Record<string, string>> {
    const [offline, blocking, choosy] = [await server.join(), await server.device(), await server.device()]
    const { token } = blocking.account
    for (const { number } of callers)
      expect((await put(token, '/block_number', { phone_number: number })).status).toBe(204)
    const settings = { calls_from_contacts_only: true }
    expect((await put(choosy.account.token, '/put_settings', settings)).status).toBe(200)
    const disabled = await server.join()
    const { query, close } = await openDatabase(server)
    await query('update users set disabled_at = now() where email = $1', [disabled.email])
    await close()
    return {
      unknown: freshNumber(),
      offline: offline.phone_number,
      blocking: blocking.number,
      'not admitting': choosy.number,
      disabled: disabled.phone_number,
    }
  }

  it('is not told by body or time', forLongRuns, async context => {
    const callers = await Promise.all(Array.from({ length: lanes }, () => server.device()))
    const numbers = await unreached(...callers)
    const answer = async (number: string): Promise<Frame> => {
      const caller = callers.pop() ?? expect.unreachable()
      caller.call(number)
      const frame = await caller.next('HangUp')
      callers.push(caller)
      return frame
    }
    const bodies = new Set<string>()
    for (const number of Object.values(numbers)) {
      const { CALL_ID: _, SEQ: __, RECEIVER_PHONE_NUMBER: ___, ...frame } = await answer(number)
      expect(frame.CAUSE).toBe('unavailable')
      bodies.add(JSON.stringify(frame).replaceAll(number, 'NUMBER'))
    }
    expect(bodies.size).toBe(1)
    const probes = Object.entries(numbers).map(([kind, number]) => [kind, () => timed(() => answer(number))])
    await expectOneTime(Object.fromEntries(probes) as Record<string, Probe>, context, { lanes })
  })

  it('is not told by the history or the export afterwards', async () => {
    const caller = await server.device()
    const numbers = Object.values(await unreached(caller))
    for (const number of numbers) {
      caller.call(number)
      await caller.next('HangUp')
    }
    const { token } = caller.account
    for (const path of ['/get_call_history', '/export_user']) {
      const { body } = await server.rest('GET', path, { token })
      const calls = (body.calls as Record<string, unknown>[]).map(
        ({ call_id: _, started_at: __, ended_at: ___, peer, events = [], ...rest }) => {
          expect(numbers).toContain(peer)
          return JSON.stringify({ ...rest, events: (events as { kind: string }[]).map(({ kind }) => kind) })
        },
      )
      expect(calls).toHaveLength(numbers.length)
      expect(new Set(calls).size).toBe(1)
    }
  })
})
