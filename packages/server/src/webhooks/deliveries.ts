import type { UserId } from '@switchboard/protocol'
import type { Queryable } from '../storage/database.js'

export type EventType = 'call.started' | 'call.answered' | 'call.ended' | 'user.created' | 'user.deleted'

export type DeliveryState = 'waiting' | 'delivered' | 'given_up'

/** Where storage puts events, in the transaction of what they tell of. */
export interface EventSink {
  /** Ids of endpoints; none: nothing is written, by the statements that there would be without webhooks. */
  readonly endpoints: readonly string[]
  /** There may be something to send in a moment. */
  wake(): void
}

/** Nobody is told. */
export const noEvents: EventSink = { endpoints: [], wake: () => undefined }

export interface DeliveryKey {
  /** The call or the user it is about. */
  readonly subject: string
  readonly step: number
  /** Id of an endpoint. */
  readonly endpoint: string
}

/** An event on its way to an endpoint. */
export interface Delivery extends DeliveryKey {
  readonly type: EventType
  readonly at: Date
  readonly callerId: UserId | null
  readonly calleeId: UserId | null
  readonly startedAt: Date | null
  readonly answeredAt: Date | null
  readonly endedAt: Date | null
  readonly cause: string | null
  /** As they are known now; null once their users are gone. */
  readonly callerNumber: string | null
  readonly calleeNumber: string | null
  readonly userNumber: string | null
  /** Before this one. */
  readonly attempts: number
  readonly giveUpAt: Date
}

/** Why an attempt failed: a closed list, for what a receiver answers is nobody's business here. */
export type AttemptError = 'status' | 'redirect' | 'gone' | 'timeout' | 'name' | 'tls' | 'connection'

export interface Attempt {
  readonly at: string
  readonly ms: number
  readonly status: number | null
  readonly error: AttemptError | null
}

export interface Claimed {
  /** Events that may leave now, those of one subject in order. */
  readonly lines: readonly (readonly Delivery[])[]
  /** Rows that were looked at: zero when nothing is due. */
  readonly looked: number
}

export interface Claim {
  readonly endpoint: string
  readonly now: Date
  readonly until: Date
  readonly atMost: number
}

export interface Backlog {
  readonly endpoint: string
  /** Counted up to a bound. */
  readonly waiting: number
  readonly oldest: Date | null
}

/** The queue of events. What is sent is kept for a while, to be shown and sent once more. */
export interface Deliveries {
  /** Takes what is due, so that nobody else has it until `until`; never an event before an earlier one of its subject. */
  claim(db: Queryable, claim: Claim): Promise<Claimed>
  delivered(db: Queryable, key: DeliveryKey, attempt: Attempt): Promise<void>
  /** It and what follows it of its subject wait until then. Without an attempt it was only given back. */
  postpone(db: Queryable, key: DeliveryKey, at: Date, attempt?: Attempt): Promise<void>
  giveUp(db: Queryable, key: DeliveryKey, attempt: Attempt): Promise<void>
  /** Gives up what waited for too long, for whatever endpoint; returns how many. */
  expire(db: Queryable, now: Date, atMost: number): Promise<number>
  /** Deletes what is old; returns how many. */
  prune(
    db: Queryable,
    before: Readonly<Record<'delivered' | 'given_up', Date>>,
    atMost: number,
  ): Promise<number>
  backlog(db: Queryable, endpoints: readonly string[], countedTo: number): Promise<readonly Backlog[]>
}
