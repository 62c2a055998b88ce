import { closeEvents, signalErrorCodes, type UpReason, up } from '@switchboard/protocol'
import { type Count, createMeter, type Meter, quickBounds } from '../meter.js'
import { createTripped, type Tripped } from '../throttles/tripped.js'

/** Codes that clients, `ws` and lost connections end sockets with (RFC 6455 section 7.4.1), beside our own. */
const otherCodes = ['1000', '1001', '1002', '1003', '1005', '1006', '1007', '1008', '1011'] as const

const ourCodes = Object.values(closeEvents).map(({ code }) => String(code))

export type SignalingMeasures = ReturnType<typeof signalingMeasures>

/** What is counted of sockets and the frames on them. */
export function signalingMeasures(meter: Meter = createMeter(), tripped: Tripped = createTripped()) {
  const closes: Readonly<Record<string, Count>> = meter.countBy(
    'switchboard_socket_closes_total',
    'Sockets that ended, by close code; 1006: without a goodbye',
    'code',
    [...ourCodes, ...otherCodes, 'other'],
  )
  const reasons = [...(Object.keys(up) as UpReason[]), 'invalid'] as const

  return {
    tripped,
    closed: (code: number) => (closes[code] ?? closes.other)?.add(),
    /** Handshakes that were refused. */
    refused: meter.countBy(
      'switchboard_socket_refusals_total',
      'WebSocket handshakes that were refused, by why',
      'reason',
      ['stopping', 'no_host', 'foreign_origin', 'not_encrypted', 'too_many', 'full'],
    ),
    received: meter.countBy(
      'switchboard_messages_received_total',
      'Frames from clients, by REASON; invalid: no message of the protocol',
      'reason',
      reasons,
    ),
    sent: meter.count('switchboard_frames_sent_total', 'Frames handed to the sockets of clients'),
    errors: meter.countBy(
      'switchboard_signaling_errors_total',
      'Messages answered with an error, by CODE',
      'code',
      signalErrorCodes,
    ),
    connects: meter.countBy('switchboard_connects_total', 'What came of a connect', 'outcome', [
      'fresh',
      'resumed',
      'refused',
      'come_back',
    ]),
    relay: meter.spread(
      'switchboard_relay_seconds',
      'From a message of a client to the last frame that it caused at once, here or towards another node',
      quickBounds,
    ),
  }
}

export function attachmentOf(sessions: Iterable<{ readonly socket: unknown }>) {
  const counts = { connected: 0, away: 0 }
  for (const { socket } of sessions) counts[socket === undefined ? 'away' : 'connected']++
  return counts
}
