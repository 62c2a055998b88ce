import { describe, expect, it } from 'vitest'
import { type Device, freshSdp } from '../device.js'
import { guarded } from './guarded.js'
import { live } from './life.js'
import { switchboard } from './operator.js'

// No mail server: mails are kept in the database.
describe('what is stored about somebody', () => {
  const guard = guarded()
  const { server, client, database } = guard

  /** The tables in which something of them stands. */
  async function tablesWith(traces: readonly string[]) {
    const found: Record<string, string[]> = {}
    for (const [table, rows] of await (await database()).dump()) {
      const telling = rows.filter(row =>
        traces.some(trace => row.toLowerCase().includes(trace.toLowerCase())),
      )
      if (telling.length > 0) found[table] = telling
    }
    return found
  }
  /** Those of the traces that stand somewhere. */
  async function found(traces: readonly string[]) {
    const all = [...(await (await database()).dump()).values()].flat().join('\n')
    return traces.filter(trace => all.includes(trace))
  }
  const countOf = async (table: string) =>
    (await (await database()).dump()).get(table)?.length ?? expect.unreachable()
  const ofDeletion = { account_events: [expect.stringMatching(/logins_ended,.*deleted/)] }

  it('is in the export: all of it, and no secret', async () => {
    const { ada, friend, traces } = await live(guard)
    const { status, body, text } = await client().rest('GET', '/export_user', { token: ada.token })
    expect(status).toBe(200)
    expect(Object.keys(await tablesWith(traces)).sort()).toEqual(
      // Those that hold her number, email or id; what is exported of each is counted below.
      [
        'account_events',
        'blocks',
        'calls',
        'contacts',
        'former_numbers',
        'logins',
        'mail_jobs',
        'password_resets',
        'users',
      ].sort(),
    )
    const { query } = await database()
    const counts = await query(
      `with me as (select id, email_key from users where email = $1)
       select (select count(*)::int from contacts, me where owner_id = me.id) as contacts,
         (select count(*)::int from blocks, me where owner_id = me.id) as blocked,
         (select count(*)::int from former_numbers, me where user_id = me.id) as former_numbers,
         (select count(*)::int from logins, me where user_id = me.id) as logins,
         (select count(*)::int from password_resets, me where user_id = me.id) as password_resets,
         (select count(*)::int from mail_jobs, me where recipient_key = me.email_key) as pending_mail,
         (select count(*)::int from calls, me where me.id in (caller_id, callee_id)) as calls,
         (select count(*)::int from call_events e join calls c on c.id = e.call_id, me
          where me.id in (caller_id, callee_id) and kind not in ('located', 'waiting')) as events`,
      [ada.email],
    )
    type Exported = Record<string, Record<string, unknown>[]>
    const { calls = [], ...exported } = body as unknown as Exported
    expect(counts).toEqual([
      {
        contacts: exported.contacts?.length,
        blocked: exported.blocked?.length,
        former_numbers: exported.former_numbers?.length,
        logins: exported.logins?.length,
        password_resets: exported.password_resets?.length,
        pending_mail: exported.pending_mail?.length,
        calls: calls.length,
        events: calls.flatMap(({ events }) => events).length,
      },
    ])
    expect(calls).toHaveLength(3)
    expect(body.settings).toEqual({ relay_only_for_strangers: false, calls_from_contacts_only: true })
    expect(body.profile).toMatchObject({
      email: ada.email,
      phone_number: ada.phone_number,
    })
    expect(text).toContain(friend.phone_number)
    expect(text).not.toMatch(/argon2|hash|sealed|"(caller|callee)_(device|login)"/)

    // What the server found out about others is not hers: `located`, `waiting`. A column that holds something of a user, and of which nobody has thought here.
    const columns = await query(
      `select column_name::text as name from information_schema.columns where table_name = 'users' order by 1`,
    )
    expect(columns.map(({ name }) => name)).toEqual([
      'calls_from_contacts_only',
      'created_at',
      'disabled_at',
      'email',
      'email_key',
      'firstname',
      'id',
      'lastname',
      'password_hash',
      'phone_number',
      'relay_only_for_strangers',
    ])
  })

  it('is gone after delete_user, but for the word to the other nodes', async () => {
    const familiar = await countOf('failed_logins')
    const { ada, friend, foe, traces, keyed } = await live(guard)
    expect(Object.keys(await tablesWith(traces)).length).toBeGreaterThan(5)
    expect(await found(keyed)).toEqual(keyed)
    const { token, password } = ada
    const answer = await client().rest('DELETE', '/delete_user', { token, body: { password } })
    expect(answer.status).toBe(204)
    expect(await tablesWith(traces)).toEqual(ofDeletion)
    expect(await found(keyed)).toEqual([])
    // Two rows of each of the others: the keyed hashes of her email are gone as well.
    expect(await countOf('failed_logins')).toBe(familiar + 4)

    for (const { token: of, calls } of [
      { ...friend, calls: 2 },
      { ...foe, calls: 2 },
    ]) {
      const history = await client().rest('GET', '/get_call_history', { token: of })
      const peers = (history.body.calls as { peer: unknown }[]).map(({ peer }) => peer)
      expect(peers).toHaveLength(calls)
      for (const path of ['/get_call_history', '/get_contacts', '/get_blocked', '/export_user']) {
        const { text } = await client().rest('GET', path, { token: of })
        for (const trace of traces) expect(text).not.toContain(trace)
      }
    }
    expect(server.logs()).not.toMatch(new RegExp(traces.slice(0, 3).join('|')))
  })

  it('is gone when she was deleted in the middle of a call, and stays so when the call has ended', async () => {
    const { ada, adasDevice, friendsDevice, traces } = await live(guard)
    callFrom(adasDevice, friendsDevice.number)
    await friendsDevice.until('the call', ({ REASON }) => REASON === 'call')
    friendsDevice.accept(ada.phone_number)
    await adasDevice.until('the answer', ({ REASON }) => REASON === 'callResponse')
    const { token, password } = ada
    await client().rest('DELETE', '/delete_user', { token, body: { password } })
    expect((await adasDevice.closed).code).toBe(4403)
    await friendsDevice.until('the end', ({ REASON }) => REASON === 'HangUp')
    const { query } = await database()
    await expect.poll(() => query(`select 1 from calls where state <> 'ended'`)).toEqual([])
    expect(await tablesWith(traces)).toEqual(ofDeletion)
  })

  it('is gone after "user delete" as well, in the middle of a ring', async () => {
    const { ada, adasDevice, friendsDevice, traces, keyed } = await live(guard)
    callFrom(adasDevice, friendsDevice.number)
    await friendsDevice.until('the call', ({ REASON }) => REASON === 'call')
    await switchboard(server, 'keys', 'rotate') // what is keyed by the key before goes as well
    expect(await found(keyed)).toEqual(keyed)
    await switchboard(server, 'user', 'delete', ada.email, '--yes')
    expect((await adasDevice.closed).code).toBe(4403)
    await friendsDevice.until('the end', ({ REASON }) => REASON === 'HangUp')
    const { query } = await database()
    await expect.poll(() => query(`select 1 from calls where state <> 'ended'`)).toEqual([])
    expect(await tablesWith(traces)).toEqual(ofDeletion)
    expect(await found(keyed)).toEqual([])
  })
})

/** Her device still has the number that she had when it connected; the server knows the new one. */
const callFrom = (device: Device, to: string) =>
  device.send({ REASON: 'call', RECEIVER_PHONE_NUMBER: to, SDP: freshSdp('offer') })
