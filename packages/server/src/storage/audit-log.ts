import type { AuditStore } from '../administrators/stores.js'
import { statement } from './database.js'

const add = statement<never>(
  'audit_log.add',
  `insert into audit_log (id, at, administrator_id, act, subject_kind, subject_id, detail, address)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
)
const page = statement<{
  readonly id: string
  readonly at: Date
  readonly administrator_id: string | null
  readonly name: string | null
  readonly act: string
  readonly subject_kind: string | null
  readonly subject_id: string | null
  readonly detail: string
  readonly address: string | null
}>(
  'audit_log.page',
  `select l.id, l.at, l.administrator_id, a.name, l.act, l.subject_kind, l.subject_id, l.detail, l.address
   from audit_log l left join administrators a on a.id = l.administrator_id
   where ($1::uuid is null or l.id < $1) and ($2::uuid is null or l.administrator_id = $2)
     and ($3::text is null or l.act = $3)
   order by l.id desc limit $4`,
)

/** The audit log in PostgreSQL, which lets nobody change or delete a row. */
export const auditLog: AuditStore = {
  async add(db, { id, at, administratorId, act, subjectKind, subjectId, detail, address }) {
    await db.query(add, [id, at, administratorId, act, subjectKind, subjectId, detail, address])
  },
  async page(db, { before, administratorId, act, most }) {
    const rows = await db.query(page, [before ?? null, administratorId ?? null, act ?? null, most])
    return rows.map(row => ({
      id: row.id,
      at: row.at,
      administratorId: row.administrator_id,
      administratorName: row.name,
      act: row.act,
      subjectKind: row.subject_kind,
      subjectId: row.subject_id,
      detail: row.detail,
      address: row.address,
    }))
  },
}
