import type { CallStanding, Cause } from '@switchboard/protocol'
import type { Said } from '../signaling/messages.js'
import type { Device } from './devices.js'
import { type People, type Person, Refused } from './people.js'

/** A call as the server has it, and afterwards as the history does. */
export interface ServerCall {
  readonly id: string
  readonly from: Person
  readonly to: Person
  readonly startedAt: Date
  caller: Device
  callee: Device | undefined
  readonly rings: Set<Device>
  readonly offer: unknown
  readonly callerCandidates: unknown[]
  readonly held: Map<Device, unknown[]>
  answeredAt: Date | undefined
  endedAt: Date | undefined
  cause: Cause | undefined
}

/** The rules of calls, as far as an app can tell: ringing on every device, the first answer, busy, ends and their causes. */
export function createExchange(
  people: People,
  devicesOf: (person: Person) => readonly Device[],
  now: () => Date,
) {
  const calls: ServerCall[] = []
  const living = () => calls.filter(call => !call.endedAt)
  const seatOf = (device: Device) => living().find(call => call.caller === device || call.callee === device)
  const isBusy = (person: Person) => living().some(call => call.from === person || call.to === person)

  function tellEnd(call: ServerCall, device: Device, cause: Cause) {
    const other = device.person === call.from ? call.to : call.from
    const parties = {
      SENDER_PHONE_NUMBER: other.phone_number,
      RECEIVER_PHONE_NUMBER: device.person.phone_number,
    }
    device.tell({ REASON: 'HangUp', CALL_ID: call.id, ...parties, CAUSE: cause })
  }
  function end(call: ServerCall, cause: Cause, by?: Device) {
    call.endedAt = now()
    call.cause = cause
    const elsewhere = cause === 'denied' ? 'declined_elsewhere' : cause
    for (const device of [call.caller, ...(call.callee ? [call.callee] : call.rings)])
      if (device !== by) tellEnd(call, device, device === call.caller ? cause : elsewhere)
  }

  function partiesOf(call: ServerCall, from: Device) {
    const other = from === call.caller ? call.to : call.from
    return {
      CALL_ID: call.id,
      SENDER_PHONE_NUMBER: from.person.phone_number,
      RECEIVER_PHONE_NUMBER: other.phone_number,
    }
  }
  const otherSeat = (call: ServerCall, from: Device) => (from === call.caller ? call.callee : call.caller)

  function place(from: Device, number: string, sdp: unknown) {
    const to = people.withNumber(number)
    const isBusyTo = to !== undefined && isBusy(to)
    const rings = new Set(to && to !== from.person ? devicesOf(to) : [])
    const call: ServerCall = {
      id: `in-memory-call-${calls.length + 1}`,
      from: from.person,
      to: to ?? { ...from.person, phone_number: number },
      startedAt: now(),
      caller: from,
      callee: undefined,
      rings,
      offer: sdp,
      callerCandidates: [],
      held: new Map(),
      answeredAt: undefined,
      endedAt: undefined,
      cause: undefined,
    }
    calls.push(call)
    const isGlare = living().some(each => !each.callee && each.from === to && each.to === from.person)
    const isUnreachable = rings.size === 0 || to?.blocked.has(from.person.phone_number)
    if (isUnreachable || isBusyTo) {
      call.rings.clear()
      return end(call, isUnreachable ? 'unavailable' : isGlare ? 'glare' : 'busy')
    }
    for (const device of rings) ring(call, device)
    from.tell({ REASON: 'ringing', CALL_ID: call.id, RECEIVER_PHONE_NUMBER: call.to.phone_number })
  }
  function close(call: ServerCall, cause: Cause) {
    call.endedAt ??= now()
    call.cause = cause
  }
  function ring(call: ServerCall, device: Device) {
    call.rings.add(device)
    const AGE_MS = now().getTime() - call.startedAt.getTime()
    const SDP = call.offer as object
    device.tell({ REASON: 'call', ...partiesOf(call, call.caller), SDP, AGE_MS })
    for (const candidate of call.callerCandidates) pass(call, call.caller, device, candidate)
  }
  const pass = (call: ServerCall, from: Device, to: Device | undefined, candidate: unknown) =>
    to?.tell({ REASON: 'ICECandidate', ...partiesOf(call, from), CANDIDATE: candidate as object })

  function answer(call: ServerCall, from: Device, response: 'accept' | 'deny', sdp: unknown) {
    const SDP = sdp as object
    if (call.callee) {
      otherSeat(call, from)?.tell({
        REASON: 'callResponse',
        RESPONSE: response,
        ...partiesOf(call, from),
        SDP,
      })
      return
    }
    if (!call.rings.has(from)) throw new Refused('no_call', 404)
    const message = { REASON: 'callResponse', RESPONSE: response, ...partiesOf(call, from), SDP } as const
    if (response === 'deny') {
      call.caller.tell(message)
      const { rings } = call
      close(call, 'denied')
      for (const device of rings) if (device !== from) tellEnd(call, device, 'declined_elsewhere')
      return
    }
    call.callee = from
    call.answeredAt = now()
    call.caller.tell(message)
    for (const candidate of call.held.get(from) ?? []) pass(call, from, call.caller, candidate)
    for (const device of call.rings) if (device !== from) tellEnd(call, device, 'answered_elsewhere')
  }

  function candidate(call: ServerCall, from: Device, value: unknown) {
    if (call.callee) return pass(call, from, otherSeat(call, from), value)
    if (from !== call.caller) return void call.held.set(from, [...(call.held.get(from) ?? []), value])
    call.callerCandidates.push(value)
    for (const device of call.rings) pass(call, from, device, value)
  }

  /** The call that a message is about, of those that the device has a part in. */
  function about(from: Device, { CALL_ID, RECEIVER_PHONE_NUMBER }: Said): ServerCall | undefined {
    const receiver = people.withNumber(RECEIVER_PHONE_NUMBER)
    return living().find(
      call =>
        (CALL_ID === undefined ? call.from === receiver || call.to === receiver : call.id === CALL_ID) &&
        (call.caller === from || (call.callee ? call.callee === from : call.rings.has(from))),
    )
  }

  function say(from: Device, message: Said) {
    const call = about(from, message)
    if (message.REASON === 'call') {
      if (call?.callee) {
        const SDP = message.SDP as object
        otherSeat(call, from)?.tell({ REASON: 'call', ...partiesOf(call, from), SDP, AGE_MS: 0 })
        return
      }
      if (message.CALL_ID !== undefined) throw new Refused('no_call', 404)
      if (seatOf(from)) throw new Refused('call_in_progress', 409)
      return place(from, message.RECEIVER_PHONE_NUMBER, message.SDP)
    }
    if (!call) throw new Refused('no_call', 404)
    if (message.REASON === 'callResponse') return answer(call, from, message.RESPONSE, message.SDP)
    if (message.REASON === 'ICECandidate') return candidate(call, from, message.CANDIDATE)
    end(call, call.callee ? 'hung_up' : from === call.caller ? 'cancelled' : 'denied', from)
  }

  return {
    say,
    isBusy,
    history: (person: Person) => calls.filter(call => call.from === person || call.to === person).reverse(),
    standings: (device: Device): CallStanding[] =>
      living()
        .filter(call => [call.from, call.to].includes(device.person))
        .map(call => ({
          CALL_ID: call.id,
          SENDER_PHONE_NUMBER: call.from.phone_number,
          RECEIVER_PHONE_NUMBER: call.to.phone_number,
          STATE: call.callee ? 'established' : 'ringing',
          HERE: call.caller === device || call.callee === device,
        })),
    /** A device that is new rings as well; one that takes another's place has its seat. */
    arrived(device: Device, before: Device | undefined) {
      for (const call of living()) {
        if (call.caller === before) call.caller = device
        if (call.callee === before) call.callee = device
        if (before) call.rings.delete(before)
        if (!call.callee && call.to === device.person) ring(call, device)
      }
    },
    /** A device does not come back. */
    left(device: Device) {
      for (const call of living()) {
        call.rings.delete(device)
        if (call.caller === device || call.callee === device) end(call, 'connection_lost', device)
      }
    },
  }
}
export type Exchange = ReturnType<typeof createExchange>
