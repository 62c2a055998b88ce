import type { Client } from 'pg'
import { bulkLoad } from './bulk-load.js'
import { settle, sqlNumber, sqlUser, sqlUuid } from './people.js'

/** Two calls a user, and what goes with them; a few still live. The other tables in their proportions. */
export async function seedCalls(client: Client, users: number): Promise<void> {
  const calls = 2 * users
  const living = Math.min(1_000, Math.floor(users / 10))
  const caller = `(n * 7 % ${users})`
  const callee = `((n * 7 + 1 + n % 13) % ${users})`
  await bulkLoad(client, 'calls', async () => {
    await client.query(
      `insert into calls (id, caller_id, callee_id, caller_number, callee_number, caller_device, caller_login, state,
         started_at, rang_at, answered_at, ended_at, end_cause, owner, term)
       select ${sqlUuid('b000', 'n')}, ${sqlUser(caller)}, case when n % 20 > 0 then ${sqlUser(callee)} end,
         ${sqlNumber(caller)}, ${sqlNumber(callee)}, ${sqlUuid('c000', 'n')}, ${sqlUuid('9000', caller)},
         case when living then 'established' else 'ended' end, at, at, case when n % 3 > 0 or living then at end,
         case when not living then at end, case when not living then (array['hung_up', 'no_answer', 'denied', 'busy', 'unavailable'])[1 + n % 5] end,
         ${sqlUuid('d000', '1')}, 0
       from generate_series(0, ${calls - 1}) n,
         lateral (select n >= ${calls - living} as living,
           now() - (${calls} - n) * interval '10 seconds' as at) of`,
    )
  })
  await bulkLoad(client, 'call_events', async () => {
    await client.query(
      `insert into call_events (call_id, seq, at, kind)
       select ${sqlUuid('b000', 'n')}, s, now(), (array['placed', 'ringing', 'answered', 'ended'])[s]
       from generate_series(0, ${calls - 1}) n, generate_series(1, 4) s`,
    )
  })
}

/** Blocks, resets, mail, events, limits: tables that a plan could walk through whole as well. */
export async function seedTheRest(client: Client, users: number): Promise<void> {
  const some = (share: number) => `generate_series(0, ${Math.floor(users / share) - 1}) n`
  const of = (share: number) => sqlUser(`(n * ${share})`)
  const fillings: Readonly<Record<string, string>> = {
    blocks: `insert into blocks (owner_id, phone_number, user_id, created_at)
      select ${of(5)}, ${sqlNumber(`(n * 5 + 3) % ${users}`)}, ${sqlUser(`((n * 5 + 3) % ${users})`)}, now() from ${some(5)}`,
    password_resets: `insert into password_resets (id, user_id, code_hash, created_at, code_expires_at)
      select ${sqlUuid('e000', 'n')}, ${of(10)}, sha256(n::text::bytea), now(), now() from ${some(10)}`,
    former_numbers: `insert into former_numbers (user_id, phone_number, held_until)
      select ${of(10)}, (20000000000 + n)::text, now() from ${some(10)}`,
    resting_numbers: `insert into resting_numbers (number_digest, user_id, rests_until, is_keyed)
      select sha256(n::text::bytea), ${of(20)}, now() + n * interval '1 second', true from ${some(20)}`,
    mail_jobs: `insert into mail_jobs (id, kind, recipient, recipient_key, state, created_at, next_attempt_at, give_up_at)
      select ${sqlUuid('f000', 'n')}, 'reset_code', 'p' || n || '@bench.example', 'p' || n || '@bench.example',
        case when n % 100 = 0 then 'waiting' else 'failed' end, now(), now() + n * interval '1 second', now() + interval '1 day'
      from ${some(10)}`,
    account_events: `insert into account_events (id, at, kind, user_id)
      select ${sqlUuid('f100', 'n')}, now() - n * interval '1 second', 'profile_changed', ${of(10)} from ${some(10)}`,
    webhook_deliveries: `insert into webhook_deliveries (subject, step, endpoint, type, at, next_attempt_at, give_up_at, state)
      select ${sqlUuid('b000', 'n')}, step, 'one', 'call.ended', now() + n * interval '1 second', now(), now(),
        case when n % 100 = 0 then 'waiting' else 'delivered' end
      from ${some(5)}, generate_series(1, 3) step`,
    throttles: `insert into throttles (key, arrival, stamps, recovered_at)
      select sha256(n::text::bytea), n, array[n], n from ${some(2)}`,
    audit_log: `insert into audit_log (id, at, administrator_id, act, detail)
      select ${sqlUuid('f200', 'n')}, now(), ${sqlUuid('f300', 'n % 10')}, 'act.' || n % 30, '{}' from ${some(2)}`,
    failed_logins: `insert into failed_logins (account, address, failures, next_at, seen_at)
      select sha256(n::text::bytea), '', 1, n, n from ${some(2)}`,
  }
  for (const [table, filling] of Object.entries(fillings))
    await bulkLoad(client, table, async () => void (await client.query(filling)))
  await settle(client)
}
