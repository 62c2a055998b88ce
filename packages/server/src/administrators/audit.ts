import type { AuditView } from '@switchboard/protocol/admin'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import type { IdentityDeps } from './deps.js'

/** What was done, or tried. */
export interface Told {
  readonly administratorId?: string | undefined
  readonly act: string
  readonly subject?: { readonly kind: string; readonly id: string } | undefined
  readonly refused?: string | undefined
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>
  readonly address?: string | undefined
}

export type AuditDeps = Pick<IdentityDeps, 'database' | 'stores' | 'clock' | 'newId'> & {
  readonly log: Logger
}

/** The audit log: in the database, and a line in the server's own log, which somebody else may keep. */
export function createAudit({ database, stores, clock, newId, log }: AuditDeps) {
  return {
    async record({ administratorId, act, subject, refused, detail = {}, address }: Told): Promise<void> {
      const line = { act, administrator: administratorId, subject, refused }
      log.info(line, 'an act in the panel')
      await stores.audit.add(database, {
        ...{ id: newId(), at: new Date(clock.wall()), administratorId: administratorId ?? null, act },
        ...{ subjectKind: subject?.kind ?? null, subjectId: subject?.id ?? null, address: address ?? null },
        detail: JSON.stringify({ ...detail, ...(refused !== undefined && { refused }) }),
      })
    },

    async page(asked: { cursor?: string; administrator?: string; act?: string }): Promise<AuditView> {
      const { cursor: before, administrator: administratorId, act } = asked
      const most = limits.auditPage
      const rows = await stores.audit.page(database, { before, administratorId, act, most: most + 1 })
      const entries = rows.slice(0, most).map(row => ({
        ...{ id: row.id, at: row.at.toISOString(), act: row.act, address: row.address },
        administrator:
          row.administratorId === null
            ? null
            : { id: row.administratorId, name: row.administratorName ?? '' },
        subject:
          row.subjectKind === null || row.subjectId === null
            ? null
            : { kind: row.subjectKind, id: row.subjectId },
        detail: JSON.parse(row.detail) as AuditView['entries'][number]['detail'],
      }))
      return { entries, next: rows.length > most ? (entries.at(-1)?.id ?? null) : null }
    },
  }
}
