import type { CallId, UserId } from '@switchboard/protocol'
import type { Owner, RescueStore, Seen } from '../cluster/lease.js'
import type { NodeId } from '../cluster/node-id.js'
import type { Restored } from '../exchange/restore.js'
import { type CallRow, callColumns } from './calls.js'
import { type Database, statement } from './database.js'

const join = statement('nodes.join', 'insert into nodes (id) values ($1)')
const leave = statement('nodes.leave', 'delete from nodes where id = $1')

// The database's clock alone measures leases: the clocks of nodes may differ.
const beat = statement<{ id: NodeId; fenced: boolean; age: number; calls: boolean; at: number }>(
  'nodes.beat',
  `with renewed as (
     update nodes set seen_at = now() where id = $1 and not fenced returning id
   )
   select n.id, n.fenced, extract(epoch from now() - n.seen_at)::double precision * 1000 as age,
     exists (select from calls c where c.owner = n.id and c.state <> 'ended') as calls,
     extract(epoch from now())::double precision * 1000 as at
   from nodes n left join renewed on renewed.id = n.id`,
)
const orphaned = statement<{ orphaned: boolean }>(
  'nodes.orphaned',
  `select exists (select from calls c where c.state <> 'ended'
     and (c.owner is null or not exists (select from nodes n where n.id = c.owner))) as orphaned`,
)
const forget = statement(
  'nodes.forget',
  `delete from nodes n where fenced and seen_at < now() - $1::double precision * interval '1 millisecond'
     and not exists (select from calls c where c.owner = n.id and c.state <> 'ended')`,
)

// One statement: of several nodes that see the same one dead, one fences it and has its calls.
const takeOver = statement<CallRow & { term: number }>(
  'nodes.take_over',
  `with fenced as (
     update nodes set fenced = true
     where id = $2 and (fenced or seen_at < now() - $3::double precision * interval '1 millisecond')
     returning id
   )
   update calls set owner = $1, term = term + 1
   where state <> 'ended' and owner in (select id from fenced)
   returning ${callColumns}, term`,
)
const adopt = statement<CallRow & { term: number }>(
  'nodes.adopt',
  `update calls set owner = $1, term = term + 1
   where state <> 'ended' and (owner is null or not exists (select from nodes n where n.id = calls.owner))
   returning ${callColumns}, term`,
)
const ownersOf = statement<{ owner: NodeId | null; fenced: boolean | null; age: number | null }>(
  'nodes.owners_of',
  `select distinct c.owner, n.fenced, extract(epoch from now() - n.seen_at)::double precision * 1000 as age
   from calls c left join nodes n on n.id = c.owner
   where c.state <> 'ended' and (c.caller_id = $1 or c.callee_id = $1)`,
)

const ownedBy = statement<{ id: CallId }>(
  'nodes.owned_by',
  `select id from calls where owner = $1 and state <> 'ended'`,
)
const takeOwn = statement<CallRow & { term: number }>(
  'nodes.take_own',
  `update calls set term = term + 1 where owner = $1 and id = any($2::uuid[]) and state <> 'ended'
   returning ${callColumns}, term::int4`,
)

export interface RescueReader {
  /** Calls of rows, and the ids of those that nobody can take part in any more, which are ended. */
  restored(rows: readonly CallRow[]): Promise<Restored[]>
}

/** Leases of nodes, and the calls of those that died. */
export const pgNodes = (database: Database, calls: RescueReader): RescueStore => {
  const read = async (rows: readonly (CallRow & { term: number })[]) => ({
    calls: await calls.restored(rows),
    terms: rows.map(({ id, term }): [CallId, number] => [id, term]),
  })
  return {
    join: async node => void (await database.query(join, [node])),
    leave: async node => void (await database.query(leave, [node])),
    async beat(node) {
      const rows = await database.query(beat, [node])
      const seen = rows.map(
        (row): Seen => ({ node: row.id, isFenced: row.fenced, ageMs: row.age, hasCalls: row.calls }),
      )
      return { seen, at: rows[0]?.at ?? Number.NaN }
    },
    isOrphaned: async () => (await database.query(orphaned))[0]?.orphaned === true,
    forget: async keptMs => void (await database.query(forget, [keptMs])),
    takeOver: async (self, dead, leaseMs) => read(await database.query(takeOver, [self, dead, leaseMs])),
    adoptOrphans: async self => read(await database.query(adopt, [self])),
    ownedBy: async self => (await database.query(ownedBy, [self])).map(({ id }) => id),
    takeOwn: async (self, lost) => read(await database.query(takeOwn, [self, lost])),
    async ownersOf(userId: UserId) {
      const rows = await database.query(ownersOf, [userId])
      return rows.map(
        ({ owner, fenced, age }): Owner => ({
          node: owner ?? undefined,
          isFenced: fenced !== false,
          ageMs: age ?? Number.POSITIVE_INFINITY,
        }),
      )
    },
  }
}
