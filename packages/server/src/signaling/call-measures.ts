import { causes } from '@switchboard/protocol'
import type { Recorded } from '../exchange/effects.js'
import { createMeter, humanBounds, type Meter } from '../meter.js'

/** What becomes of calls, counted where it is decided about them. */
export function callMeasures(meter: Meter = createMeter()) {
  const placed = meter.count('switchboard_calls_placed_total', 'Calls that were taken from their callers')
  const answered = meter.count('switchboard_calls_answered_total', 'Calls that were answered')
  const ended = meter.countBy(
    'switchboard_calls_ended_total',
    'Calls that ended, by CAUSE as the caller hears it',
    'cause',
    causes,
  )
  const ringing = meter.spread(
    'switchboard_call_ringing_seconds',
    'From a call to its ringing at a device of the callee',
    humanBounds,
  )
  const answering = meter.spread(
    'switchboard_call_answer_seconds',
    'From a call to its answer, people included',
    humanBounds,
  )

  return {
    note({ call, trace }: Recorded) {
      switch (trace?.kind) {
        case 'placed':
          placed.add()
          break
        case 'rung':
          // Devices that join late ring again; what counts is the first.
          if (call.state === 'ringing' && call.forks.size === 1 && call.rangAt !== undefined)
            ringing.observe((call.rangAt - call.placedAt) / 1000)
          break
        case 'accepted':
          if (call.state !== 'established') break
          answered.add()
          answering.observe((call.answeredAt - call.placedAt) / 1000)
          break
        case 'ended':
          if (call.state === 'ended') ended[call.cause].add()
          break
      }
    },
  }
}
