import type { PhoneNumber, UserId } from '@switchboard/protocol'
import type { AccountStore } from '../directory/stores.js'
import type { KeyRing } from '../sessions/keys.js'
import { keysOfAccount } from '../throttles/account-keys.js'
import { type EventSink, noEvents } from '../webhooks/deliveries.js'
import { type Queryable, statement } from './database.js'
import { recordDeletion } from './webhook-events.js'

// Before all else: the journal of calls cannot write a row of this user in between, for its foreign key waits for this.
const lockUser = statement<object>('accounts.lock_user', 'select id from users where id = $1 for update')
const ofUser = 'select id from calls where caller_id = $1 union all select id from calls where callee_id = $1'

// Traces name devices and tell when somebody was where.
const eraseSteps = statement<object>(
  'accounts.erase_call_steps',
  `delete from call_events where call_id in (${ofUser})`,
)
const eraseOwnCalls = statement<object>(
  'accounts.erase_own_calls',
  `delete from calls
   where (caller_id = $1 and (callee_id is null or callee_id = $1)) or (callee_id = $1 and caller_id is null)`,
)
const anonymiseCaller = statement<object>(
  'accounts.anonymise_caller',
  `update calls set caller_id = null, caller_number = null, caller_device = null, caller_login = null,
     ringing_payload = null
   where caller_id = $1`,
)
const anonymiseCallee = statement<object>(
  'accounts.anonymise_callee',
  `update calls set callee_id = null, callee_number = null, callee_device = null, callee_login = null,
     ringing_payload = null
   where callee_id = $1`,
)
const anonymiseDialled = statement<object>(
  'accounts.anonymise_dialled',
  `update calls set callee_number = null
   where callee_id is null and (callee_number = $2 or exists (
     select 1 from former_numbers f
     where f.user_id = $1 and f.phone_number = callee_number and f.held_until >= started_at))`,
)
const eraseBlocks = statement<object>('accounts.erase_blocks', 'delete from blocks where phone_number = $1')
const eraseMail = statement<object>('accounts.erase_mail', 'delete from mail_jobs where recipient_key = $1')
const eraseEvents = statement<object>(
  'accounts.erase_events',
  'delete from account_events where user_id = $1',
)
// What limits keep, under keyed hashes.
const eraseFailedLogins = statement<object>(
  'accounts.erase_failed_logins',
  'delete from failed_logins where account = any($1::bytea[])',
)
const eraseThrottles = statement<object>(
  'accounts.erase_throttles',
  'delete from throttles where key = any($1::bytea[])',
)
// Logins, resets, contacts, former numbers and the user's own blocks go with it.
const eraseUser = statement<object>('accounts.erase_user', 'delete from users where id = $1')

const profile = statement<{ createdAt: Date }>(
  'accounts.created',
  'select created_at as "createdAt" from users where id = $1',
)
const logins = statement<{ createdAt: Date; expiresAt: Date; endedAt: Date | null }>(
  'accounts.logins',
  `select created_at as "createdAt", expires_at as "expiresAt", ended_at as "endedAt"
   from logins where user_id = $1 order by id`,
)
const resets = statement<{ requestedAt: Date; codeUsedAt: Date | null; passwordSetAt: Date | null }>(
  'accounts.resets',
  `select created_at as "requestedAt", code_used_at as "codeUsedAt", token_used_at as "passwordSetAt"
   from password_resets where user_id = $1 order by id`,
)
const mail = statement<{ kind: string; createdAt: Date }>(
  'accounts.mail',
  `select kind, created_at as "createdAt" from mail_jobs
   where recipient_key = (select email_key from users where id = $1) order by id`,
)

const formerNumbers = statement<{ number: PhoneNumber; heldUntil: Date }>(
  'accounts.former_numbers',
  `select phone_number as number, held_until as "heldUntil" from former_numbers
   where user_id = $1 order by held_until, phone_number`,
)

const text = (at: Date) => at.toISOString()
const textOrNull = (at: Date | null) => at?.toISOString() ?? null

export const pgAccounts = (
  db: Queryable,
  secrets: KeyRing['secrets'],
  events: EventSink = noEvents,
): AccountStore => ({
  async erase(tx, { id, phoneNumber, emailKey }) {
    const keys = keysOfAccount(await secrets('throttles'), { id, emailKey })
    await tx.query(lockUser, [id])
    await tx.query(eraseSteps, [id])
    await tx.query(eraseOwnCalls, [id])
    await tx.query(anonymiseCaller, [id])
    await tx.query(anonymiseCallee, [id])
    await tx.query(anonymiseDialled, [id, phoneNumber])
    await tx.query(eraseBlocks, [phoneNumber])
    await tx.query(eraseMail, [emailKey])
    await tx.query(eraseEvents, [id])
    await tx.query(eraseFailedLogins, [keys.failedLogins])
    await tx.query(eraseThrottles, [keys.rates])
    await tx.query(eraseUser, [id])
    await recordDeletion(tx, events, id)
  },

  async records(id: UserId) {
    const [user] = await db.query(profile, [id])
    return (
      user && {
        createdAt: user.createdAt,
        former_numbers: (await db.query(formerNumbers, [id])).map(({ number, heldUntil }) => ({
          phone_number: number,
          held_until: text(heldUntil),
        })),
        logins: (await db.query(logins, [id])).map(login => ({
          created_at: text(login.createdAt),
          expires_at: text(login.expiresAt),
          ended_at: textOrNull(login.endedAt),
        })),
        password_resets: (await db.query(resets, [id])).map(reset => ({
          requested_at: text(reset.requestedAt),
          code_used_at: textOrNull(reset.codeUsedAt),
          password_set_at: textOrNull(reset.passwordSetAt),
        })),
        pending_mail: (await db.query(mail, [id])).map(job => ({
          kind: job.kind,
          created_at: text(job.createdAt),
        })),
      }
    )
  },
})
