import type { WebhooksView, WebhookView } from '@switchboard/protocol/admin'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { running } from '../running.js'
import { type Receiver, startReceiver } from '../webhooks/receiver.js'
import { type PanelClient, signedIn } from './panel-client.js'

const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver(secret)
})
afterAll(() => receiver.stop())
const server = running({
  env: () => ({ WEBHOOK_URL: `${receiver.url}?key=of-the-receiver`, WEBHOOK_SECRET: secret }),
})

async function view(client: PanelClient, query = ''): Promise<WebhooksView> {
  return (await client.get(`/api/webhooks${query}`)).body as unknown as WebhooksView
}

it('what goes to a receiver is seen, with each try, and sent once more', async () => {
  const { client } = await signedIn(server, 'Ops', 'operator')
  receiver.answer = () => 500
  await server.join()
  const failing = async () => (await view(client)).deliveries[0]
  await expect.poll(failing).toMatchObject({
    ...{ type: 'user.created', state: 'waiting', subject: { kind: 'user' } },
    lastAttempt: { status: 500, error: 'status' },
  })
  const { endpoints, next } = await view(client)
  expect(endpoints).toMatchObject([{ url: `${receiver.url}?…`, state: 'failing', waiting: 1 }])
  expect(next).toBeNull()

  receiver.answer = () => 204
  const { id, eventId } = (await failing()) as WebhooksView['deliveries'][number]
  const replay = () => client.post(`/api/webhooks/${id}/replay`)
  expect((await replay()).status).toBe(204)
  const delivered = async () => (await client.get(`/api/webhooks/${id}`)).body as unknown as WebhookView
  await expect.poll(delivered).toMatchObject({ state: 'delivered', eventId })
  expect((await delivered()).tries.map(({ status }) => status)).toEqual(expect.arrayContaining([500, 204]))
  expect((await view(client, '?state=waiting')).deliveries).toEqual([])
  expect((await view(client, '?state=delivered')).deliveries).toHaveLength(1)

  const before = receiver.events.length
  expect((await replay()).status).toBe(204)
  await receiver.until('the event once more', () => receiver.events[before])
  const none = `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}_1_${'0'.repeat(16)}`
  expect((await client.post(`/api/webhooks/${none}/replay`)).code).toBe('delivery_not_found')
  expect((await client.get('/api/webhooks/anything')).status).toBe(404)
  const { client: viewer } = await signedIn(server, 'Vera', 'viewer')
  expect((await viewer.post(`/api/webhooks/${id}/replay`)).code).toBe('role_too_low')
  const acts = (await client.get('/api/audit?act=webhook.replay')).body.entries
  expect(acts).toHaveLength(4)
})
