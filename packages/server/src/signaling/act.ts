import type { CallId, Connect, DeviceId, SignalErrorCode, Up, UserId } from '@switchboard/protocol'
import type { Canonicalise } from '../directory/phone-number.js'
import type { Payload } from '../exchange/call.js'
import type { Outcome } from '../exchange/effects.js'
import type { Exchange } from '../exchange/exchange.js'
import type { Throttles } from '../throttles/throttles.js'

/** A device, and whose it is. */
export interface Whose {
  readonly id: DeviceId
  readonly userId: UserId
}

/** What a connected device says, but for its payload. */
export type Said = Exclude<Up, Connect>

interface Acting {
  readonly exchange: Exchange
  readonly canonicalise: Canonicalise
  readonly throttles: Pick<Throttles, 'call'>
  readonly newId: () => string
}

const refuse = (code: SignalErrorCode): Outcome => ({ refused: code })

/** A device's message as a step of the exchange. The sender is who its session says, never who the message says. */
export function act(
  { exchange, canonicalise, throttles, newId }: Acting,
  device: Whose,
  message: Said,
  payload: Payload | undefined,
  now: number,
): Outcome {
  const receiver = canonicalise(message.RECEIVER_PHONE_NUMBER)
  if (receiver === undefined) return refuse('invalid_message')
  const { SENDER_PHONE_NUMBER: written } = message
  if (written !== undefined) {
    const number = exchange.numberOf(device.userId)
    // Most write it as it was told them: that is compared, not parsed.
    if (written !== number && canonicalise(written) !== number) return refuse('sender_mismatch')
  }
  const about = { receiver, callId: message.CALL_ID }
  switch (message.REASON) {
    case 'call':
      if (payload === undefined) return refuse('invalid_message')
      // What is said within a call is no new call.
      if (!exchange.isSeated(device.id) && !throttles.call(device.userId, receiver))
        return refuse('rate_limited')
      return exchange.call(device.id, about, payload, newId() as CallId, now)
    case 'callResponse':
      if (message.RESPONSE === 'accept' && (payload === undefined || payload === 'null')) {
        return refuse('invalid_message')
      }
      return exchange.answer(device.id, about, message.RESPONSE, payload, now)
    case 'ICECandidate':
      if (payload === undefined) return refuse('invalid_message')
      return exchange.candidate(device.id, about, payload)
    case 'HangUp':
      return exchange.hangUp(device.id, about, now)
  }
}
