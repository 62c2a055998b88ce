import type { KeyRing } from '../sessions/keys.js'
import type { Database } from '../storage/database.js'
import type { MailJobs, MailKind } from './mail-jobs.js'
import { seal, unseal } from './sealing.js'
import type { Rendered } from './templates.js'

export interface OutboxMail extends Rendered {
  readonly id: string
  readonly kind: MailKind
  readonly to: string
  readonly at: Date
}

/** Mail that nobody could be asked to send: kept in the database, sealed, so that a dump of it holds no code. */
export interface Outbox {
  keep(id: string, to: string, mail: Rendered): Promise<void>
  /** Newest first. What was sealed under a key that is gone is left out. */
  read(atMost: number): Promise<readonly OutboxMail[]>
}

const purpose = 'outbox'

export function createOutbox(deps: { database: Database; jobs: MailJobs; keys: KeyRing }): Outbox {
  const { database, jobs, keys } = deps
  return {
    async keep(id, to, mail) {
      const [key] = await keys.secrets(purpose)
      await jobs.keep(database, id, seal(key, id, JSON.stringify({ to, ...mail })))
    },
    async read(atMost) {
      const [kept, secrets] = await Promise.all([jobs.kept(database, atMost), keys.secrets(purpose)])
      return kept.flatMap(({ id, kind, createdAt, sealed }) => {
        const plain = unseal(secrets, id, sealed)
        if (plain === undefined) return []
        return [{ ...(JSON.parse(plain) as Rendered & { to: string }), id, kind, at: createdAt }]
      })
    },
  }
}
