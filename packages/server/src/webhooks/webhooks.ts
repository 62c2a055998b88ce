import type { Clock } from '../clock.js'
import type { Config } from '../config.js'
import { limits } from '../limits.js'
import type { Logger } from '../log.js'
import { type Meter, serviceBounds } from '../meter.js'
import type { Database } from '../storage/database.js'
import { createCourier } from './courier.js'
import type { Backlog, Deliveries, EventSink } from './deliveries.js'
import { endpointsOf, shownUrl } from './endpoints.js'
import { send } from './send.js'
import { startUpkeep } from './upkeep.js'
import { type DeliveryViewStore, deliveryViews } from './views.js'

export interface WebhooksDeps {
  readonly config: Pick<Config, 'webhooks'>
  readonly database: Database
  readonly deliveries: Deliveries
  readonly views: DeliveryViewStore
  readonly clock: Clock
  readonly random: () => number
  readonly version: string
  readonly log: Logger
  readonly meter: Meter
}

export type Webhooks = ReturnType<typeof createWebhooks>

/** Events on their way to the operator's receivers. Without endpoints: figures at zero, and nothing else. */
export function createWebhooks(deps: WebhooksDeps) {
  const { config, database, deliveries, clock, random, log, meter, version } = deps
  const { urls, secrets } = config.webhooks
  const counts = meter.countBy(
    'switchboard_webhooks_total',
    'Attempts to deliver an event to a webhook receiver, by how they ended',
    'outcome',
    ['delivered', 'retried', 'given_up'],
  )
  const seconds = meter.spread(
    'switchboard_webhook_seconds',
    'How long webhook receivers took to answer',
    serviceBounds,
  )
  let backlog: readonly Backlog[] = []
  meter.gauge(
    'switchboard_webhooks_waiting',
    'Events that wait for webhook receivers, of all nodes; counted to 10,000 an endpoint',
    () => backlog.reduce((sum, { waiting }) => sum + waiting, 0),
  )
  meter.gauge(
    'switchboard_webhooks_oldest_seconds',
    'Age of the oldest event that waits for a webhook receiver; 0: none waits',
    () =>
      Math.max(
        0,
        ...backlog.flatMap(({ oldest }) => (oldest ? [(clock.wall() - oldest.getTime()) / 1000] : [])),
      ),
  )

  const userAgent = `Switchboard/${version}`
  const endpoints = endpointsOf(urls).map(({ id, url }) => ({
    id,
    url: shownUrl(url),
    courier: createCourier({
      ...{ endpoint: id, shown: shownUrl(url), database, deliveries, clock, random, log, counts, seconds },
      send: (event, signal) => send(event, { url, secrets, now: clock.wall(), userAgent, signal }),
    }),
  }))
  const ids = endpoints.map(({ id }) => id)
  const readBacklog = () => deliveries.backlog(database, ids, limits.webhooksCounted)
  const sink: EventSink = {
    endpoints: ids,
    wake() {
      for (const { courier } of endpoints) courier.wake(limits.webhookDelayMs)
    },
  }
  let stopUpkeep = () => Promise.resolve()

  return {
    sink,
    ...deliveryViews({
      ...{ database, store: deps.views, endpoints: endpointsOf(urls), sink, now: clock.wall },
    }),

    start() {
      if (ids.length === 0) return
      for (const { courier } of endpoints) courier.start()
      stopUpkeep = startUpkeep({
        ...{ database, deliveries, clock, log, counts },
        async sample() {
          backlog = await readBacklog()
        },
      })
    },

    /** Each endpoint, as this process finds it, with what waits for it. */
    async endpoints() {
      const waiting = new Map((await readBacklog()).map(each => [each.endpoint, each]))
      return endpoints.map(({ id, url, courier }) => ({
        ...{ id, url },
        ...courier.standing(),
        waiting: waiting.get(id)?.waiting ?? 0,
        oldestWaitingAt: waiting.get(id)?.oldest ?? undefined,
      }))
    },

    async stop() {
      await Promise.all([stopUpkeep(), ...endpoints.map(({ courier }) => courier.stop())])
    },
  }
}
