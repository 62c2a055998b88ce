import type { AuditStore } from '../administrators/stores.js'
import { lastId } from '../directory/cursor.js'
import { statement } from './database.js'

const add = statement<never>(
  'audit_log.add',
  `insert into audit_log (id, at, administrator_id, act, subject_kind, subject_id, detail, address)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
)
interface PageRow {
  readonly id: string
  readonly at: Date
  readonly administrator_id: string | null
  readonly name: string | null
  readonly act: string
  readonly subject_kind: string | null
  readonly subject_id: string | null
  readonly detail: string
  readonly address: string | null
}

/** A statement for each of what may be asked, so that each has the index that serves it. */
const page = (by: string, where: string, order = 'l.id desc') =>
  statement<PageRow>(
    `audit_log.page_by_${by}`,
    `select l.id, l.at, l.administrator_id, a.name, l.act, l.subject_kind, l.subject_id, l.detail, l.address
     from audit_log l left join administrators a on a.id = l.administrator_id
     where ${where} order by ${order} limit $2`,
  )
// As rows, or the planner may walk through what everybody did for what somebody did rarely.
const administrator = [
  '(l.administrator_id, l.id) < ($3::uuid, $1::uuid) and l.administrator_id >= $3::uuid',
  'l.administrator_id desc, l.id desc',
] as const
const pages = {
  all: page('all', 'l.id < $1'),
  administrator: page('administrator', ...administrator),
  act: page('act', '(l.act, l.id) < ($3::text, $1::uuid) and l.act >= $3::text', 'l.act desc, l.id desc'),
  administrator_act: page('administrator_act', `${administrator[0]} and l.act = $4`, administrator[1]),
}

/** The audit log in PostgreSQL, which lets nobody change or delete a row. */
export const auditLog: AuditStore = {
  async add(db, { id, at, administratorId, act, subjectKind, subjectId, detail, address }) {
    await db.query(add, [id, at, administratorId, act, subjectKind, subjectId, detail, address])
  },
  async page(db, { before, administratorId, act, most }) {
    const filters = [administratorId, act].filter(filter => filter !== undefined)
    const by =
      administratorId === undefined
        ? act === undefined
          ? 'all'
          : 'act'
        : act === undefined
          ? 'administrator'
          : 'administrator_act'
    const rows = await db.query(pages[by], [before ?? lastId, most, ...filters])
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
