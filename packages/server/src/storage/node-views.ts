import { type Queryable, statement } from './database.js'

export interface NodeLease {
  readonly id: string
  readonly startedAt: Date
  readonly seenAt: Date
}

const standing = statement<NodeLease>(
  'node_views.standing',
  `select id, started_at as "startedAt", seen_at as "seenAt" from nodes
   where not fenced and seen_at > now() - $1::double precision * interval '1 millisecond'
   order by started_at, id limit $2`,
)

/** Nodes whose lease is good, or was until a moment ago. */
export const nodeLeases = (db: Queryable, withinMs: number, most: number): Promise<NodeLease[]> =>
  db.query(standing, [withinMs, most])
