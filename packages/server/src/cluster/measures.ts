import { createMeter, type Meter } from '../meter.js'

export type LeaseMeasures = ReturnType<typeof leaseMeasures>

/** What is counted of leases, and of calls that were left behind. */
export function leaseMeasures(meter: Meter = createMeter()) {
  let age = () => Number.NaN
  meter.gauge(
    'switchboard_lease_age_seconds',
    "Since when this node's lease was not renewed; past 4 s others take over its calls; not a number: one node alone",
    () => age(),
  )
  return {
    /** How the age is known, once there is a lease. */
    aged(seconds: () => number) {
      age = seconds
    },
    beats: meter.countBy('switchboard_lease_beats_total', 'Tries to renew the lease', 'outcome', [
      'renewed',
      'failed',
      'fenced',
    ]),
    takeovers: meter.count(
      'switchboard_takeovers_total',
      'How often this node took over the calls of another that died, or that were lost on the way',
    ),
    callsTaken: meter.count('switchboard_calls_taken_over_total', 'Calls that it took over so'),
  }
}

/** Lines to other nodes: what waits on them, and how often they break. */
export function lineMeasures(meter: Meter = createMeter(), read: { waiting(): number; peers(): number }) {
  meter.gauge(
    'switchboard_lines_waiting',
    'Messages to other nodes that wait for their receipt',
    read.waiting,
  )
  meter.gauge('switchboard_peers', 'Other nodes that are there', read.peers)
  return {
    broken: meter.count(
      'switchboard_lines_broken_total',
      'Lines to other nodes that broke: what was on the way may be lost, and what depended on it begins anew',
    ),
  }
}
