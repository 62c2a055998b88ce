import { causes } from '@switchboard/protocol'
import Type from 'typebox'
import { limits } from '../../limits.js'
import { Refusal } from '../../refusal.js'
import { type AdminRoute, get, post } from '../route.js'
import { uuid } from '../uuid.js'
import { csvLine } from './csv.js'
import { moment, readMoment } from './moment.js'
import type { CallFilter, CallViews } from './stores.js'
import { whyOf } from './why.js'

const filters = {
  user: Type.Optional(uuid),
  state: Type.Optional(Type.Enum(['ringing', 'established', 'ended'])),
  cause: Type.Optional(Type.Enum([...causes])),
  from: Type.Optional(moment),
  to: Type.Optional(moment),
}

interface Asked extends Omit<CallFilter, 'from' | 'to'> {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

function filterOf({ from, to, ...rest }: Asked): CallFilter {
  return { ...rest, from: readMoment(from), to: readMoment(to) }
}

export interface CallRoutesDeps {
  readonly calls: CallViews
  /** Resolves when what was decided so far is written, on every node that answers. */
  readonly settled: () => Promise<void>
  /** Ends a call wherever it is decided about; false: nowhere. */
  readonly end: (callId: string) => Promise<boolean>
}

/** What is being called, what was, and what came of it. */
export function callRoutes({ calls, settled, end }: CallRoutesDeps): readonly AdminRoute[] {
  return [
    get({
      ...{ path: '/api/calls/live', least: 'viewer' },
      async handle() {
        await settled()
        return { calls: await calls.live(limits.callsLive) }
      },
    }),
    post({
      ...{ path: '/api/calls/:id/end', least: 'operator', act: 'call.end', subject: 'call' },
      async handle({ params }) {
        if (!(await end(params.id ?? ''))) throw new Refusal('no_call')
        return undefined
      },
    }),
    get({
      ...{ path: '/api/calls', least: 'viewer' },
      query: Type.Object({ ...filters, cursor: Type.Optional(uuid) }),
      async handle({ query: { cursor, ...asked } }) {
        await settled()
        return calls.page(filterOf(asked), cursor, limits.callsPage)
      },
    }),
    get({
      ...{ path: '/api/calls.csv', least: 'viewer' },
      query: Type.Object(filters),
      async handle({ query }) {
        const filter = filterOf(query)
        await settled()
        return {
          fileName: 'calls.csv',
          type: 'text/csv; charset=utf-8',
          chunks: file(calls, filter),
        }
      },
    }),
    get({
      ...{ path: '/api/calls/:id', least: 'viewer' },
      async handle({ params }) {
        await settled()
        const found = await calls.one(params.id ?? '')
        if (!found) throw new Refusal('no_call')
        return whyOf(found)
      },
    }),
  ]
}

const heads = [
  ...['id', 'state', 'cause', 'started_at', 'answered_at', 'ended_at', 'duration_seconds', 'video'],
  ...['from_user', 'from_number', 'from_name', 'to_user', 'to_number', 'to_name', 'node'],
]

/** A page at a time: as much is in memory as is being sent. */
async function* file(calls: CallViews, filter: CallFilter) {
  yield csvLine(heads)
  let before: string | undefined
  for (let rows = 0; rows < limits.callsFile; ) {
    const page = await calls.page(filter, before, limits.callsFilePage)
    rows += page.calls.length
    const lines = page.calls.map(call =>
      csvLine([
        ...[call.id, call.state, call.cause, call.startedAt, call.answeredAt, call.endedAt],
        ...[call.durationSeconds, call.video, call.from.userId, call.from.number, call.from.name],
        ...[call.to.userId, call.to.number, call.to.name, call.node],
      ]),
    )
    if (lines.length > 0) yield lines.join('')
    if (page.next === null) return
    before = page.next
  }
}
