import { readFileSync } from 'node:fs'
import type { UserId } from '@switchboard/protocol'
import { expect, test } from 'vitest'
import { limits } from '../limits.js'
import type { Delivery } from './deliveries.js'
import { eventId, payloadOf } from './payload.js'
import { sign } from './sign.js'

const text = readFileSync(new URL('../../../../docs/webhooks.md', import.meta.url), 'utf8')

const ended: Delivery = {
  subject: '0190a7c4-6d3e-7b21-9d0e-2b8f3c5d7e11',
  ...{ step: 3, endpoint: 'one', type: 'call.ended', at: new Date('2026-11-22T20:15:42.118Z') },
  callerId: '0190a1b2-1111-7aaa-8bbb-0c0d0e0f1011' as UserId,
  calleeId: '0190a1b2-2222-7aaa-8bbb-0c0d0e0f1012' as UserId,
  startedAt: new Date('2026-11-22T20:14:03.501Z'),
  answeredAt: new Date('2026-11-22T20:14:09.870Z'),
  endedAt: new Date('2026-11-22T20:15:42.118Z'),
  ...{ cause: 'hung_up', callerNumber: '1234567890', calleeNumber: '1212121212', userNumber: null },
  ...{ attempts: 0, giveUpAt: new Date() },
}

test('docs/webhooks.md shows an event as it is sent', () => {
  const [, example = ''] = /```json\n(.*?)```/s.exec(text) ?? []
  expect(JSON.parse(payloadOf(ended))).toEqual(JSON.parse(example))
  const user = payloadOf({ ...ended, type: 'user.created', userNumber: '1234567890' })
  expect(JSON.parse(user).data).toEqual({ user_id: ended.subject, phone_number: '1234567890' })
  expect(text).toContain('"data": { "user_id": "…", "phone_number": "…" }')
})

test('docs/webhooks.md gives the bounds that hold', () => {
  const { webhookSendMs, webhookGiveUpMs, webhookDeliveredKeepMs, webhookEndpoints } = limits
  expect(text).toContain(`none within ${webhookSendMs / 1_000} s`)
  expect(text).toContain(`After ${webhookGiveUpMs / 3_600_000} hours`)
  expect([webhookDeliveredKeepMs / 86_400_000, limits.webhookGivenUpKeepMs / 86_400_000]).toEqual([3, 7])
  expect([webhookEndpoints, limits.webhookRetryMs, limits.webhookRetryMaxMs]).toEqual([5, 1_000, 3_600_000])
})

test('the id of an event is that of its subject and step, without a full stop', () => {
  expect(eventId(ended)).toBe('evt_0190a7c46d3e7b219d0e2b8f3c5d7e11_3')
})

// The example of the Standard Webhooks specification's libraries.
test('signatures are those of Standard Webhooks, one for each secret', () => {
  const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
  const [id, at, body] = ['msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}']
  const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
  expect(sign([secret], id, at, body)).toBe(signature)
  const both = sign([Buffer.alloc(32), secret], id, at, body).split(' ')
  expect(both).toHaveLength(2)
  expect(both[1]).toBe(signature)
})
