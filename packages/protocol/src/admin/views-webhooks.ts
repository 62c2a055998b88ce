export type WebhookState = 'waiting' | 'delivered' | 'given_up'

/** One try to bring an event to its receiver. */
export interface WebhookAttempt {
  readonly at: string
  readonly ms: number
  readonly status: number | null
  readonly error: 'status' | 'redirect' | 'gone' | 'timeout' | 'name' | 'tls' | 'connection' | null
}

/** An event on its way to one endpoint. */
export interface WebhookDelivery {
  readonly id: string
  /** The `webhook-id` that the receiver is told, the same at every try. */
  readonly eventId: string
  readonly type: string
  readonly subject: { readonly kind: 'call' | 'user'; readonly id: string }
  /** `url` without what may be secret in it; null: it is no longer in WEBHOOK_URL. */
  readonly endpoint: { readonly id: string; readonly url: string | null }
  readonly at: string
  readonly state: WebhookState
  readonly isUnderWay: boolean
  readonly attempts: number
  readonly nextAttemptAt: string | null
  readonly lastAttempt: WebhookAttempt | null
}

/** A receiver of the operator's, as the answering node finds it. */
export interface WebhookEndpoint {
  readonly id: string
  readonly url: string
  readonly state: 'idle' | 'well' | 'failing'
  readonly lastDeliveredAt: string | null
  readonly waiting: number
  readonly oldestWaitingAt: string | null
}

/** `GET /api/webhooks?state=&cursor=`, the newest first. */
export interface WebhooksView {
  readonly endpoints: readonly WebhookEndpoint[]
  readonly deliveries: readonly WebhookDelivery[]
  readonly next: string | null
}

/** `GET /api/webhooks/:id` */
export interface WebhookView extends WebhookDelivery {
  readonly cause: string | null
  readonly giveUpAt: string
  readonly tries: readonly WebhookAttempt[]
}
