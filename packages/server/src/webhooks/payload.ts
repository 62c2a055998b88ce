import type { Delivery, DeliveryKey } from './deliveries.js'

/** The `webhook-id`: of the event, so the same for every attempt. It holds no full stop, as the standard asks. */
export const eventId = ({ subject, step }: Pick<DeliveryKey, 'subject' | 'step'>): string =>
  `evt_${subject.replaceAll('-', '')}_${step}`

const instant = (at: Date | null) => at?.toISOString() ?? null

function dataOf(event: Delivery): object {
  if (event.type.startsWith('user.')) return { user_id: event.subject, phone_number: event.userNumber }
  return {
    call_id: event.subject,
    from: { user_id: event.callerId, phone_number: event.callerNumber },
    to: { user_id: event.calleeId, phone_number: event.calleeNumber },
    started_at: instant(event.startedAt),
    answered_at: instant(event.answeredAt),
    ended_at: instant(event.endedAt),
    cause: event.cause,
  }
}

/** What a receiver is told, in the names of `get_call_history`. */
export const payloadOf = (event: Delivery): string =>
  JSON.stringify({ type: event.type, timestamp: event.at.toISOString(), data: dataOf(event) })
