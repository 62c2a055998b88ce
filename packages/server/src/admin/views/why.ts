import type { CallView, RungDevice, TraceLine, VerdictCode } from '@switchboard/protocol/admin'
import type { StoredCall, StoredStep } from './stores.js'

/** Why did it not ring? One call's story, from what was written of it step by step. */
export function whyOf({ call, steps, candidates, rangAt, relayOnly }: StoredCall): CallView {
  const devices = rung(steps)
  const ring = rangAt === null ? null : (rangAt.getTime() - Date.parse(call.startedAt)) / 1000
  return {
    call,
    trace: steps.map(({ seq, at, kind, device, detail }) => ({
      ...{ seq, at: at.toISOString(), kind, device },
      detail: detailOf(kind, detail, call),
    })),
    devices,
    candidates,
    way: call.answeredAt === null ? 'unknown' : wayOf(candidates, relayOnly),
    verdict: {
      code: codeOf({ call, steps }),
      rang: devices.length > 0,
      devices: devices.length,
      secondsToRing: ring === null ? null : Math.max(0, ring),
    },
  }
}

function detailOf(kind: string, detail: string | null, { cause }: StoredCall['call']): TraceLine['detail'] {
  if (kind === 'placed') return detail === null ? {} : { offered: detail }
  if (kind === 'ended') return { cause, ...(detail !== cause && { reason: detail }) }
  return detail === null ? {} : { reason: detail }
}

function rung(steps: readonly StoredStep[]): RungDevice[] {
  return steps
    .filter(({ kind, device }) => kind === 'rung' && device !== null)
    .map(({ device, at }) => {
      const its = (...kinds: string[]) =>
        steps.find(step => step.device === device && kinds.includes(step.kind))
      const answered = its('accepted', 'denied')
      return {
        device: device ?? '',
        gotRingAt: at.toISOString(),
        // Whoever answers has got it, should the word of that be lost.
        acknowledgedAt: (its('acknowledged') ?? answered)?.at.toISOString() ?? null,
        answer: (answered?.kind as 'accepted' | 'denied' | undefined) ?? null,
      }
    })
}

function wayOf({ from, to }: StoredCall['candidates'], relayOnly: boolean): CallView['way'] {
  if (relayOnly) return 'relayed'
  const count = (side: typeof from) => side.host + side.srflx + side.prflx + side.relay
  const isKnown = count(from) > 0 && count(to) > 0
  return isKnown && from.relay + to.relay === 0 ? 'direct' : 'unknown'
}

function codeOf({ call, steps }: Pick<StoredCall, 'call' | 'steps'>): VerdictCode {
  if (call.state === 'established') return 'going_on'
  const rang = steps.some(({ kind }) => kind === 'rung')
  if (call.state === 'ringing') return rang ? 'ringing' : 'no_device'
  const end = steps.findLast(({ kind }) => kind === 'ended')
  if (call.cause === 'unavailable') {
    const isWaited = steps.some(({ kind }) => kind === 'waiting')
    return end?.detail === 'no_device' || isWaited ? 'no_device' : 'unavailable'
  }
  switch (call.cause) {
    case 'answered_elsewhere':
    case 'declined_elsewhere':
    case null:
      return 'unknown'
    default:
      return call.cause
  }
}
