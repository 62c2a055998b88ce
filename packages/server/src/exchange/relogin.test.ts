import type { CallId, DeviceId, LoginId, PhoneNumber, UserId } from '@switchboard/protocol'
import { expect, test } from 'vitest'
import type { Payload } from './call.js'
import { createExchange } from './exchange.js'
import { options } from './world.testing.js'

const arrival = (name: string, number: string) => ({
  device: `${name}'s phone` as DeviceId,
  userId: name as UserId,
  number: number as PhoneNumber,
  login: 'first login' as LoginId,
  replaces: undefined,
})

test('a seat is written with the login that its device has now, by which it is found after a restart', () => {
  const exchange = createExchange(options)
  const [alice, bob] = [arrival('alice', '111'), arrival('bob', '222')]
  exchange.arrive(alice, 0)
  exchange.arrive(bob, 0)
  exchange.call(
    alice.device,
    { receiver: bob.number, callId: undefined },
    '"sdp"' as Payload,
    'call' as CallId,
    0,
  )
  exchange.located('call' as CallId, bob.userId, 0)
  exchange.answer(bob.device, { receiver: alice.number, callId: undefined }, 'accept', '"sdp"' as Payload, 0)

  const written = exchange.relogin(bob.device, 'second login' as LoginId)
  expect(written).toMatchObject([
    { kind: 'record', call: { caller: { login: 'first login' }, callee: { login: 'second login' } } },
  ])
  expect(exchange.relogin(bob.device, 'second login' as LoginId)).toEqual([])
})
