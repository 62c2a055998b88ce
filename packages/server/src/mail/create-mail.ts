import type { Clock } from '../clock.js'
import type { MailConfig } from '../config.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { Meter } from '../meter.js'
import { emailKey } from '../sessions/email-key.js'
import type { KeyRing } from '../sessions/keys.js'
import type { ResetCodes } from '../sessions/reset-codes.js'
import type { Credentials } from '../sessions/stores.js'
import type { Database, Queryable } from '../storage/database.js'
import type { MailJob, MailJobs, MailKind, Notify } from './mail-jobs.js'
import { createOutbox, type Outbox } from './outbox.js'
import type { Templates } from './templates.js'
import { openTransport } from './transport.js'
import { createMailWorker } from './worker.js'

export interface MailDeps {
  readonly config: Pick<MailConfig, 'transport' | 'from'>
  readonly templates: Templates
  readonly database: Database
  readonly jobs: MailJobs
  readonly credentials: Pick<Credentials, 'byEmail'>
  readonly resetCodes: Pick<ResetCodes, 'issue'>
  readonly keys: KeyRing
  readonly clock: Clock
  readonly newId: () => string
  readonly log: Logger
  /** Between 0 and 1. */
  readonly random?: () => number
  readonly meter?: Meter
}

/** Mail to the owners of accounts: queued in the database, sent by a worker, kept where no server is configured. */
export interface Mail {
  /** One insert, whether or not somebody has that email; the account is looked for when the mail is made. */
  requestReset(email: string): Promise<void>
  readonly notify: Notify
  readonly readOutbox: Outbox['read']
  /** Looks for due mail now. */
  hurry(): void
  start(): void
  stop(): Promise<void>
}

export function createMail(deps: MailDeps): Mail {
  const { config, templates, database, jobs, credentials, resetCodes, keys, clock, newId, log } = deps
  const { random = Math.random } = deps
  const transport = openTransport(config)
  const outbox = createOutbox({ database, jobs, keys })
  const worker = createMailWorker({ ...deps, deliver })

  /** A code is made anew for every attempt: only its hash is stored, so there is none to send again. */
  async function addressee({ kind, recipientKey }: MailJob) {
    if (kind !== 'reset_code') {
      const account = await credentials.byEmail(database, recipientKey)
      return account && { account, values: { firstname: account.firstname } }
    }
    const issued = await resetCodes.issue(recipientKey)
    if (!issued) return undefined
    const { account, code } = issued
    const minutes = String(limits.resetCodeMs / 60_000)
    return { account, values: { firstname: account.firstname, code, minutes } }
  }

  async function deliver(job: MailJob, signal: AbortSignal): Promise<'delivered' | 'nobody'> {
    const found = await addressee(job)
    if (!found) return 'nobody'
    const mail = templates[job.kind](found.values)
    if (transport) {
      // To the email of the account, never to what was typed: two that compare equal may be two mailboxes.
      await transport.send(found.account.email, mail, signal)
      await jobs.remove(database, job.id)
    } else {
      await outbox.keep(job.id, found.account.email, mail)
      log.debug(
        { job: job.id, text: mail.text },
        'no mail server is configured: this mail is kept in the outbox',
      )
    }
    return 'delivered'
  }

  async function enqueue(db: Queryable, kind: MailKind, recipient: string, lifeMs: number): Promise<void> {
    const now = clock.wall()
    const recipientKey = emailKey(recipient)
    await jobs.insert(db, {
      id: newId(),
      kind,
      recipient: recipientKey === '' ? '' : recipient, // nobody's, and nothing the database can hold
      recipientKey,
      createdAt: new Date(now),
      nextAttemptAt: new Date(now),
      giveUpAt: new Date(now + lifeMs),
    })
    worker.wake(limits.mailDelayMs * (1 + random()))
  }

  return {
    requestReset: email => enqueue(database, 'reset_code', email, limits.resetCodeMs),
    notify: (tx, kind, recipient) => enqueue(tx, kind, recipient, limits.mailNoticeGiveUpMs),
    readOutbox: outbox.read,
    hurry: () => worker.wake(0),
    start: worker.start,
    stop: worker.stop,
  }
}
