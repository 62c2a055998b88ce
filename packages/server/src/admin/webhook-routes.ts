import type { WebhookEndpoint, WebhooksView, WebhookView } from '@switchboard/protocol/admin'
import Type from 'typebox'
import { AdminRefusal } from '../administrators/admin-refusal.js'
import type { Webhooks } from '../webhooks/webhooks.js'
import { type AdminRoute, get, post } from './route.js'

const iso = (at: Date | undefined) => at?.toISOString() ?? null
const isId = (text: string) => /^[0-9a-f-]{36}_[1-9]_[0-9a-f]{16}$/.test(text)

const replayFaults = {
  unknown: 'delivery_not_found',
  under_way: 'delivery_under_way',
  no_endpoint: 'endpoint_gone',
} as const

/** Events for the operator's receivers: where they are, and one of them once more. */
export function webhookRoutes(webhooks: Omit<Webhooks, 'sink' | 'start' | 'stop'>): readonly AdminRoute[] {
  const endpoints = async (): Promise<WebhookEndpoint[]> =>
    (await webhooks.endpoints()).map(({ id, url, state, waiting, ...times }) => ({
      ...{ id, url, state, waiting },
      lastDeliveredAt: iso(times.lastDeliveredAt),
      oldestWaitingAt: iso(times.oldestWaitingAt),
    }))

  return [
    get({
      ...{ path: '/api/webhooks', least: 'viewer' },
      query: Type.Object({
        state: Type.Optional(
          Type.Union([Type.Literal('waiting'), Type.Literal('delivered'), Type.Literal('given_up')]),
        ),
        cursor: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,128}$' })),
      }),
      async handle({ query }): Promise<WebhooksView> {
        return { endpoints: await endpoints(), ...(await webhooks.list(query)) }
      },
    }),
    get({
      ...{ path: '/api/webhooks/:id', least: 'viewer', isParam: isId },
      async handle({ params }): Promise<WebhookView> {
        const found = await webhooks.show(params.id ?? '')
        if (!found) throw new AdminRefusal('delivery_not_found')
        const { callerId: _, calleeId: __, ...view } = found
        return { ...view, tries: [...found.tries] }
      },
    }),
    post({
      ...{ path: '/api/webhooks/:id/replay', least: 'operator', isParam: isId },
      ...{ act: 'webhook.replay', subject: 'delivery' },
      async handle({ params }) {
        const came = await webhooks.replay(params.id ?? '')
        if (came !== 'replayed') throw new AdminRefusal(replayFaults[came])
        return undefined
      },
    }),
  ]
}
