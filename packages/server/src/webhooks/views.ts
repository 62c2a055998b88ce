import { limits } from '../limits.js'
import type { Database, Queryable } from '../storage/database.js'
import type { Attempt, DeliveryKey, DeliveryState, EventSink, EventType } from './deliveries.js'
import type { Endpoint } from './endpoints.js'
import { shownUrl } from './endpoints.js'
import { eventId } from './payload.js'

/** A row of the queue as an operator sees it. */
export interface StoredDelivery extends DeliveryKey {
  readonly type: EventType
  readonly at: Date
  readonly state: DeliveryState
  readonly callerId: string | null
  readonly calleeId: string | null
  readonly cause: string | null
  readonly attempts: number
  readonly nextAttemptAt: Date
  readonly giveUpAt: Date
  readonly isUnderWay: boolean
  readonly tries: readonly Attempt[]
}

/** Where a page ends. */
export type Place = Pick<StoredDelivery, 'at' | 'subject' | 'step' | 'endpoint'>

export interface DeliveryViewStore {
  /** Newest first, those before that place. */
  page(
    db: Queryable,
    states: readonly DeliveryState[],
    before: Place | undefined,
    atMost: number,
  ): Promise<StoredDelivery[]>
  find(db: Queryable, key: DeliveryKey): Promise<StoredDelivery | undefined>
  /** False: there is none, or it is being sent at this moment. */
  replay(db: Queryable, key: DeliveryKey, now: Date, giveUpAt: Date): Promise<boolean>
}

export interface DeliveryFilter {
  readonly state?: DeliveryState | undefined
  readonly cursor?: string | undefined
}

/** `no_endpoint`: the receiver is no longer in WEBHOOK_URL. */
export type Replayed = 'replayed' | 'under_way' | 'unknown' | 'no_endpoint'

const every: readonly DeliveryState[] = ['waiting', 'delivered', 'given_up']

export interface DeliveryViewsDeps {
  readonly database: Database
  readonly store: DeliveryViewStore
  readonly endpoints: readonly Endpoint[]
  readonly sink: EventSink
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Deliveries for an operator to look at and to send once more. */
export function deliveryViews({ database, store, endpoints, sink, now }: DeliveryViewsDeps) {
  const urls = new Map(endpoints.map(({ id, url }) => [id, shownUrl(url)]))

  const shown = ({ tries, isUnderWay, ...row }: StoredDelivery) => ({
    id: idOf(row),
    eventId: eventId(row),
    type: row.type,
    subject: { kind: row.type.startsWith('call.') ? ('call' as const) : ('user' as const), id: row.subject },
    /** Null: it is no longer in WEBHOOK_URL. */
    endpoint: { id: row.endpoint, url: urls.get(row.endpoint) ?? null },
    at: row.at.toISOString(),
    ...{ state: row.state, isUnderWay, attempts: row.attempts },
    nextAttemptAt: row.state === 'waiting' ? row.nextAttemptAt.toISOString() : null,
    lastAttempt: tries.at(-1) ?? null,
  })

  return {
    /** A page, newest first. A cursor that is none of ours gives the first page. */
    async list({ state, cursor }: DeliveryFilter) {
      const states = state === undefined ? every : [state]
      const found = await store.page(database, states, placeOf(cursor), limits.webhooksPage + 1)
      const deliveries = found.slice(0, limits.webhooksPage)
      const last = found.length > limits.webhooksPage ? deliveries.at(-1) : undefined
      return { deliveries: deliveries.map(shown), next: last ? cursorOf(last) : null }
    },

    /** One, with its attempts and whom it is about. */
    async show(id: string) {
      const key = keyOf(id)
      const found = key && (await store.find(database, key))
      if (!found) return undefined
      const { callerId, calleeId, cause, giveUpAt, tries } = found
      return { ...shown(found), callerId, calleeId, cause, giveUpAt: giveUpAt.toISOString(), tries }
    },

    /** Sends it once more, or now where it waits; for a day, as if it were new. */
    async replay(id: string): Promise<Replayed> {
      const key = keyOf(id)
      if (!key || !(await store.find(database, key))) return 'unknown'
      if (!urls.has(key.endpoint)) return 'no_endpoint'
      const giveUpAt = new Date(now() + limits.webhookGiveUpMs)
      if (!(await store.replay(database, key, new Date(now()), giveUpAt))) return 'under_way'
      sink.wake()
      return 'replayed'
    },
  }
}

const idOf = ({ subject, step, endpoint }: DeliveryKey) => `${subject}_${step}_${endpoint}`

const shape = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([1-9])_([0-9a-f]{16})$/

function keyOf(id: string): DeliveryKey | undefined {
  const [, subject, step, endpoint] = shape.exec(id) ?? []
  return subject && endpoint ? { subject, step: Number(step), endpoint } : undefined
}

const cursorOf = (row: StoredDelivery) =>
  Buffer.from(`${row.at.getTime()} ${idOf(row)}`).toString('base64url')

function placeOf(cursor: string | undefined): Place | undefined {
  const [, at, id = ''] = /^(\d{1,15}) (.+)$/.exec(Buffer.from(cursor ?? '', 'base64url').toString()) ?? []
  const key = keyOf(id)
  return key && { ...key, at: new Date(Number(at)) }
}
