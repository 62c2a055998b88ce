import type { CallId, DeviceId } from '@switchboard/protocol'
import { calleeOf } from './call.js'
import type { Effect, Recorded, Tell } from './effects.js'
import {
  type CallFacts,
  devicesOf,
  type Facts,
  hasSeat,
  must,
  otherSide,
  type Side,
  sideOf,
} from './facts.testing.js'
import type { Act, Turn } from './play.testing.js'

export const callIdOf = (effect: Effect): CallId | undefined => {
  if (effect.kind === 'tell') return effect.tell.callId
  if (effect.kind === 'record') return effect.call.id
  return effect.kind === 'displace' || effect.kind === 'forget' ? undefined : effect.callId
}

/** Takes in a turn; throws when somebody is told what it may not hear (contract section 3, rules 2, 3, 6 and 7). */
export function witness(facts: Facts, turn: Turn) {
  const { act, effects, now } = turn
  if (turn.refused) return
  const device = 'device' in act ? facts.devices.get(act.device) : undefined
  if (act.do === 'arrive') arrive(facts, act, now)
  if (act.do === 'renumber') facts.numbers.set(act.user, act.number)
  if (device && act.do === 'resume') device.awaySince = undefined
  if (device && act.do === 'away') device.awaySince ??= now
  const sought = act.do === 'located' ? facts.living.get(act.callId) : undefined
  if (act.do === 'located' && sought?.state === 'placed') sought.found ??= act.callee
  if (act.do === 'candidate') {
    const [call] = effects.flatMap(effect => facts.living.get(callIdOf(effect) as CallId) ?? [])
    const side = call && sideOf(facts, call, act.device)
    if (side) call.said.push({ by: act.device, side, candidate: act.payload })
  }
  for (const effect of effects) takeIn(facts, turn, effect)
  // Who is back has what was its own, or has lost it to somebody further on.
  if (act.do === 'resume') for (const call of facts.living.values()) call.lent.delete(act.device)
}

function arrive(facts: Facts, act: Extract<Act, { do: 'arrive' }>, now: number) {
  const before = devicesOf(facts, act.userId).filter(
    old => old.id === act.replaces || (old.awaySince !== undefined && old.login === act.login),
  )
  const heirOf = new Set(before.flatMap(old => [old.id, ...old.heirOf]))
  const { device: id, userId: user, login } = act
  facts.devices.set(id, { id, user, login, since: now, heirOf, awaySince: undefined })
  facts.numbers.set(user, act.number)
}

function takeIn(facts: Facts, turn: Turn, effect: Effect) {
  switch (effect.kind) {
    case 'tell':
      return hear(facts, turn, effect.device, effect.tell)
    case 'record':
      return write(facts, turn, effect)
    case 'inherit':
      return moveSeat(facts, effect)
    case 'forget':
      must(facts.devices.delete(effect.device), 'a device is forgotten once')
      for (const call of facts.calls.values()) {
        must(call.state === 'over' || !hasSeat(call, effect.device), 'who is forgotten leaves no seat behind')
        call.knows.delete(effect.device)
      }
  }
}

function moveSeat(facts: Facts, { callId, from, to }: Extract<Effect, { kind: 'inherit' }>) {
  const call = facts.living.get(callId)
  must(call !== undefined, 'only the seat of a living call moves')
  must(hasSeat(call, from), 'a seat moves from the device that has it')
  must(!call.farewells.has(to), 'a seat does not move to a device that has heard the end')
  call.seats[call.seats.caller === from ? 'caller' : 'callee'] = to
  call.knows.delete(from)
  call.knows.add(to)
  if (call.lent.get(to) !== from) call.lent.set(from, to)
}

function write(facts: Facts, { act, now }: Turn, { call: written, trace }: Recorded) {
  const known = facts.calls.get(written.id)
  must(known?.state !== 'over', 'a call that is over is written no more')
  if (written.state === 'ended') {
    must(known !== undefined, 'a call that ends was placed')
    known.state = 'over'
    known.cause = written.cause
    facts.living.delete(known.id)
  }
  if (trace?.kind === 'located' && known) {
    must(known.state === 'placed' && known.found === calleeOf(written), 'a call rings whom it was located to')
    known.state = 'located'
    known.callee = known.found
  }
  if (trace?.kind !== 'placed' || act.do !== 'call') return
  must(!known, 'a call is placed once')
  const caller = facts.devices.get(act.device)?.user
  must(caller !== undefined && caller === written.caller.userId, 'the caller is who called')
  const call: CallFacts = {
    id: written.id,
    caller,
    callerNumber: written.caller.number,
    dialled: act.receiver,
    offer: act.payload,
    placedAt: now,
    order: facts.calls.size,
    found: undefined,
    callee: undefined,
    seats: { caller: act.device, callee: undefined },
    state: 'placed',
    answeredAt: undefined,
    cause: undefined,
    rang: false,
    knows: new Set([act.device]),
    farewells: new Map(),
    said: [],
    heard: new Map(),
    saidBefore: { caller: 0, callee: 0 },
    offered: { caller: false, callee: false },
    lent: new Map(),
  }
  facts.calls.set(call.id, call)
  facts.living.set(call.id, call)
}

function hear(facts: Facts, turn: Turn, id: DeviceId, tell: Tell) {
  const call = facts.calls.get(tell.callId)
  const device = facts.devices.get(id)
  must(call !== undefined && call.state !== 'over', 'rule 3: what is told belongs to a living call')
  must(device !== undefined, 'nothing is told to a device that is gone')
  must(device.user === call.caller || device.user === call.callee, 'rule 6: told to a party of the call')
  must(!call.farewells.has(id), 'rule 6: nothing after the end was heard')
  isAddressed(facts, call, device.user === call.caller, tell)
  if (tell.kind === 'call') return hearCall(facts, turn, call, id, tell)
  must(call.knows.has(id), 'rule 6: told to a device of the call')
  switch (tell.kind) {
    case 'ringing':
      must(
        id === call.seats.caller && call.state === 'located' && !call.rang,
        'the caller hears ringing once',
      )
      call.rang = true
      return
    case 'callResponse':
      return hearResponse(facts, turn, call, id, tell)
    case 'candidate':
      return hearCandidate(facts, turn, call, id, tell.candidate)
    case 'hangUp':
      call.knows.delete(id)
      call.farewells.set(id, tell.cause)
  }
}

/** Everybody hears the other party's number as it is now, and its own. */
function isAddressed(facts: Facts, call: CallFacts, toCaller: boolean, tell: Tell) {
  const caller = facts.numbers.get(call.caller)
  const [own, other] = tell.kind === 'ringing' ? [caller, tell.receiver] : [tell.receiver, tell.sender]
  const [calleeHears, callerHears] = toCaller ? [other, own] : [own, other]
  must(callerHears === caller, 'the number of the caller is the one it has')
  const isRung = call.callee !== undefined && devicesOf(facts, call.callee).length > 0
  const callee = call.found && facts.numbers.get(call.found)
  must(
    calleeHears === callee || (!isRung && calleeHears === call.dialled),
    'the number of the callee is the one it has, or the one dialled when nobody is rung',
  )
}

function hearCall(
  facts: Facts,
  { act, now }: Turn,
  call: CallFacts,
  id: DeviceId,
  tell: Extract<Tell, { kind: 'call' }>,
) {
  if (call.state === 'answered') {
    must(tell.ageMs === 0, 'an offer that was not kept has no age')
    must(
      act.do === 'call' && hasSeat(call, act.device) && hasSeat(call, id),
      'rule 4: between the two devices',
    )
    must(id !== act.device && tell.sdp === act.payload, 'rule 4: the offer reaches the other one unchanged')
    const side = sideOf(facts, call, act.device)
    call.offered[side] = true
    countAnew(call, side)
    return
  }
  must(tell.ageMs === now - call.placedAt, 'a call says how old it is')
  must(call.state === 'located' && facts.devices.get(id)?.user === call.callee, 'a call rings its callee')
  must(!call.knows.has(id), 'a device is rung once')
  must(facts.devices.get(id)?.awaySince === undefined, 'a device that is away is not rung')
  must(tell.sdp === call.offer, 'the offer is delivered unchanged')
  call.knows.add(id)
}

/** An offer and its answer begin a generation of ICE each: candidates up to now no longer count. */
function countAnew(call: CallFacts, side: Side) {
  call.saidBefore[side] = call.said.filter(each => each.side === side).length
}

function hearResponse(
  facts: Facts,
  { act, now }: Turn,
  call: CallFacts,
  id: DeviceId,
  tell: Extract<Tell, { kind: 'callResponse' }>,
) {
  must(act.do === tell.response, 'a response is what a device said')
  must(
    call.knows.has(act.device) && act.device !== id && act.payload === tell.sdp,
    'rule 6: by one of the call',
  )
  const side = sideOf(facts, call, act.device)
  if (call.state === 'answered') {
    must(hasSeat(call, act.device) && hasSeat(call, id), 'rule 4: between the two devices')
    must(call.offered[otherSide(side)], 'rule 4: an offer waited for this answer')
    call.offered[otherSide(side)] = false
    if (tell.response === 'accept') countAnew(call, side)
    return
  }
  must(id === call.seats.caller && side === 'callee', 'the callee answers the caller')
  if (tell.response === 'accept') {
    call.state = 'answered'
    call.answeredAt = now
    call.seats.callee = act.device
    return
  }
  call.knows.delete(id)
  call.farewells.set(id, undefined)
}

function hearCandidate(facts: Facts, { act }: Turn, call: CallFacts, id: DeviceId, candidate: string) {
  const place = call.said.findIndex(each => each.candidate === candidate)
  const said = call.said[place]
  must(said !== undefined, 'rule 3: a candidate is one that was given for this call, unchanged')
  must(said.side !== sideOf(facts, call, id), 'a candidate reaches the other party')
  const heard = call.heard.get(id) ?? []
  must(place > (heard.at(-1) ?? -1), 'rule 7: in the order sent, once')
  call.heard.set(id, [...heard, place])
  if (said.side === 'caller') return
  must(
    call.state === 'answered' && id === call.seats.caller,
    "rule 3: the callee's are held until it accepts",
  )
  const winner = act.do === 'accept' ? act.device : call.seats.callee
  const speaksFor = facts.devices.get(winner as DeviceId)?.heirOf
  must(
    said.by === winner || speaksFor?.has(said.by) === true,
    'rule 3: only those of the device that answered',
  )
}
