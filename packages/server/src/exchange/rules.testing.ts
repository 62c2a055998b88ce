import type { CallId, Cause, UserId } from '@switchboard/protocol'
import { devicesComeAndGo } from './device-rules.testing.js'
import {
  type CallFacts,
  connected,
  devicesOf,
  type Facts,
  hasSeat,
  isAnswerable,
  must,
  names,
  nothing,
  type Rule,
  seatedIn,
  sideOf,
  spent,
} from './facts.testing.js'
import { options, type Speech, type Turn } from './play.testing.js'
import { callIdOf } from './witness.testing.js'

const endedIn = (facts: Facts, { effects }: Turn) =>
  effects.flatMap(effect =>
    effect.kind === 'record' && effect.call.state === 'ended' ? (facts.calls.get(effect.call.id) ?? []) : [],
  )
const hangUpsIn = ({ effects }: Turn) =>
  effects.flatMap(effect =>
    effect.kind === 'tell' && effect.tell.kind === 'hangUp'
      ? [{ device: effect.device, callId: effect.tell.callId, cause: effect.tell.cause }]
      : [],
  )

/** Rule 6: a device acts in the calls it is in and in no other; what it may do is done, all else is refused. */
const onlyPartiesAct: Rule = (facts, turn) => {
  const { act } = turn
  if (!('receiver' in act)) return nothing
  const meant = [...facts.living.values()].filter(call => means(facts, call, act))
  const seat = seatedIn(facts, act.device)
  switch (act.do) {
    case 'call': {
      if (!seat) return expect(turn, act.callId === undefined ? [act.newCallId] : [])
      return expect(turn, seat.state === 'answered' && meant.includes(seat) ? [seat.id] : [])
    }
    case 'accept':
    case 'deny': {
      const open = meant.filter(call => isAnswerable(facts, call, act.device))
      const taken = act.do === 'accept' && open.some(call => call.state !== 'answered') && seat !== undefined
      if (taken) return expect(turn, [], 'call_in_progress')
      return expect(turn, idsOf(open))
    }
    case 'hangUp':
      return expect(turn, idsOf(meant))
    case 'candidate': {
      const bounds = meant.map(call => spent(facts, call, act.device))
      const isFull = bounds.some(({ most }) => most >= options.candidatesPerSide)
      if (turn.refused === 'rate_limited') return () => must(isFull, 'a candidate within the bound is taken')
      const hasRoom = meant.filter((_, i) => (bounds[i]?.least ?? 0) < options.candidatesPerSide)
      return expect(turn, idsOf(hasRoom))
    }
  }
}

const idsOf = (calls: readonly CallFacts[]) => calls.map(call => call.id)

const means = (facts: Facts, call: CallFacts, act: Speech) =>
  call.knows.has(act.device) &&
  (act.callId === undefined || act.callId === call.id) &&
  names(facts, call, sideOf(facts, call, act.device), act.receiver)

function expect({ refused, effects }: Turn, calls: readonly CallId[], code?: string) {
  return () => {
    if (calls.length === 0) {
      must(refused !== undefined, 'rule 6: who is not in a call cannot act in it')
      must(code === undefined || refused === code, `refused by its name: ${code}`)
      return
    }
    must(refused === undefined, `what a device may do is done, not ${refused}`)
    const [about] = effects.map(callIdOf)
    must(about !== undefined && calls.includes(about), 'an act is about the call it names')
  }
}

/** Rule 1: the first accept wins; everybody else hears that it was answered elsewhere, and only two are left. */
const firstAcceptWins: Rule = (facts, turn) => {
  const { act } = turn
  const before = [...facts.living.values()].filter(call => call.state === 'located')
  return () => {
    for (const { device, callId, cause } of hangUpsIn(turn)) {
      const call = facts.calls.get(callId)
      if (call?.state !== 'answered') continue
      must(act.do === 'accept' && cause === 'answered_elsewhere', 'an answer ends the ringing elsewhere')
      must(facts.devices.get(device)?.user === call.callee, 'only the callee hears of another device')
    }
    for (const call of before) {
      if (call.state !== 'answered') continue
      must(act.do === 'accept' && call.seats.callee === act.device, 'who accepts has the call')
    }
    for (const call of facts.living.values()) {
      if (call.state !== 'answered') continue
      must(
        call.knows.size === 2 && [...call.knows].every(id => hasSeat(call, id)),
        'rule 6: two devices a call',
      )
    }
  }
}

/** Rule 2 and the list of causes: a call ends for what happened, and whoever was in it hears so once. */
const endsAreTold: Rule = (facts, turn) => {
  const { act } = turn
  const before = new Map(
    [...facts.living.values()].map(call => [call.id, { ...call, seats: { ...call.seats } }]),
  )
  const absent = new Map([...facts.devices.values()].map(device => [device.id, device.awaySince]))
  const ends = act.do === 'hangUp' || act.do === 'deny' ? act.device : undefined
  return () => {
    for (const call of endedIn(facts, turn)) {
      const was = before.get(call.id)
      must(was !== undefined, 'a call lives before it ends')
      const isLost = (since: number | undefined) =>
        since !== undefined && turn.now >= since + options.resumeWindowMs
      const isDue = turn.now >= call.placedAt + options.ringTimeoutMs
      const isSeat = 'device' in act && hasSeat(was, act.device)
      const isAlone = devicesOf(facts, call.found).length === 0
      const isAnswered = was.state === 'answered'
      const isLeft = isSeat && (act.do === 'hangUp' || act.do === 'leave')
      const isSought = call.found !== undefined || (act.do === 'located' && act.callId === call.id)
      const reasons: Partial<Record<Cause, boolean>> = {
        cancelled: !isAnswered && isLeft,
        hung_up: isAnswered && isLeft,
        denied: was.state === 'located' && ends !== undefined && was.knows.has(ends) && !isSeat,
        busy: was.state === 'placed' && isSought,
        glare: was.state === 'placed',
        unavailable:
          (was.state === 'placed' && isSought && isAlone) ||
          (act.do === 'tick' && isDue && !was.rang) ||
          (was.state === 'located' && isAlone && (act.do === 'tick' || act.do === 'leave')),
        no_answer: act.do === 'tick' && isDue && was.rang,
        connection_lost:
          act.do === 'tick' && [was.seats.caller, was.seats.callee].some(id => id && isLost(absent.get(id))),
      }
      must(reasons[call.cause as Cause] === true, `a call ends with ${call.cause} when that is what happened`)
      must(
        [...call.knows].every(id => id === ends),
        'everybody in a call hears its end, but the one that ended it',
      )
      for (const hangUp of hangUpsIn(turn)) {
        if (hangUp.callId !== call.id) continue
        const isForked = call.cause === 'denied' && sideOf(facts, call, hangUp.device) === 'callee'
        must(hangUp.cause === (isForked ? 'declined_elsewhere' : call.cause), 'a HangUp says why')
        must(act.do !== 'deny' || isForked, 'rule 2: a deny reaches the caller as a response')
      }
    }
  }
}

/** Rules 4 and 5: whom a number reaches is rung, waited for, busy, in glare, or unavailable; each for its reason. */
const lookupsAreFollowed: Rule = (facts, turn) => {
  const { act } = turn
  const lived = [...facts.living.values()]
  const placed = lived.filter(call => call.state === 'placed')
  const sought = act.do === 'located' ? placed.find(call => call.id === act.callId) : undefined
  if (act.do === 'located' && !sought)
    return () => must(turn.effects.length === 0, 'a late lookup changes nothing')
  const before = new Map(placed.map(call => [call, standingOf(facts, call, call.found ?? calleeOf(turn))]))
  return () => {
    for (const [call, was] of before) {
      const is = standingOf(facts, call, call.found)
      if (call.state === 'placed') {
        const waits = is.crossing.some(other => other.state === 'placed' && other.placedAt < call.placedAt)
        must(
          call === sought || call.found ? waits : true,
          'rule 5: who is located waits for an earlier call alone',
        )
      }
      if (call.state === 'located') {
        must(!is.isTaken && is.crossing.length === 0, 'rules 4 and 5: who is rung is in no call')
        must(call.rang === connected(facts, call.callee).length > 0, 'rule 4: who is away is waited for')
      }
      if (call.cause === 'busy') must(was.isTaken || is.isTaken, 'rule 4: who is busy is in a call')
      if (call.cause === 'glare') {
        const isBack = (other: CallFacts) => call.found === other.caller || callsBack(facts, call, other)
        const first = lived.find(other => other.callee === call.caller && isBack(other))
        const isFirst = first && (first.answeredAt !== undefined || first.placedAt <= call.placedAt)
        must(isFirst === true, 'rule 5: of two that cross the one taken first lives')
      }
    }
  }
}

const calleeOf = ({ act }: Turn) => (act.do === 'located' ? act.callee : undefined)

/** What else the two have to do with each other and with others, as far as it decides a call to `callee`. */
function standingOf(facts: Facts, call: CallFacts, callee: UserId | undefined) {
  const others = [...facts.living.values()].filter(other => other !== call)
  const own = others.filter(other => devicesOf(facts, callee).some(({ id }) => hasSeat(other, id)))
  const crossing = others.filter(other => other.caller === callee && callsBack(facts, other, call))
  const isTaken =
    callee === call.caller ||
    own.some(other => other.state === 'answered' || !crossing.includes(other)) ||
    others.some(other => other.callee === callee)
  return { crossing, isTaken }
}

/** Whether `other` goes to the caller of `call`, and nobody had answered it when that one was placed. */
const callsBack = (facts: Facts, other: CallFacts, call: CallFacts) =>
  other.callee === undefined
    ? other.dialled === call.callerNumber || other.dialled === facts.numbers.get(call.caller)
    : other.callee === call.caller && (other.answeredAt ?? call.placedAt) >= call.placedAt

/** What holds at any time. */
const alwaysSo: Rule = (facts, turn) => () => {
  const seats = new Set<string>()
  const callees = new Set<string>()
  const pairs = new Set<string>()
  const once = (set: Set<string>, item: string, rule: string) => {
    must(!set.has(item), rule)
    set.add(item)
  }
  let due = Number.POSITIVE_INFINITY
  for (const call of facts.living.values()) {
    for (const id of [call.seats.caller, call.seats.callee])
      if (id) once(seats, id, 'a device sits in one call')
    if (call.state !== 'answered') due = Math.min(due, call.placedAt + options.ringTimeoutMs)
    if (!call.callee) continue
    once(callees, call.callee, 'rule 4: nobody is called twice at a time')
    once(pairs, [call.caller, call.callee].sort().join(), 'rule 5: two people have one call')
    if (call.state === 'located') ringsAll(facts, call)
  }
  for (const { awaySince } of facts.devices.values()) {
    if (awaySince !== undefined) due = Math.min(due, awaySince + options.resumeWindowMs)
  }
  must((turn.due ?? Number.POSITIVE_INFINITY) === due, 'the next deadline is that of a ring or an absence')
  must(turn.act.do !== 'tick' || due > turn.now, 'nothing that is due stays')
  must(turn.counts.calls === facts.living.size, 'as many calls as live')
  must(turn.counts.devices === facts.devices.size, 'as many devices as are here or may come back')
  const members = new Set([...facts.devices.values()].map(({ user }) => user))
  must(turn.counts.members === members.size, 'as many members as have devices')
}

/** Rules 1 and 3: every device that is there rings, and has heard all that the caller gave so far. */
function ringsAll(facts: Facts, call: CallFacts) {
  const given = call.said.filter(({ side }) => side === 'caller').length
  for (const { id } of connected(facts, call.callee)) must(call.knows.has(id), 'rule 1: every device rings')
  for (const id of call.knows) {
    if (id === call.seats.caller) continue
    must(call.rang, 'the caller hears that it rings')
    must((call.heard.get(id)?.length ?? 0) === given, "rule 3: who is rung has heard the caller's candidates")
  }
}

/** Rule 3: with the answer the caller has all that the answering device held back; from then each reaches the other. */
const candidatesArrive: Rule = (facts, { act, refused }) => {
  if (refused || (act.do !== 'accept' && act.do !== 'candidate')) return nothing
  const answered = new Set([...facts.living.values()].filter(call => call.state === 'answered'))
  return () => {
    for (const call of facts.living.values()) {
      const { state, seats, said, heard } = call
      if (state !== 'answered' || !seats.callee) continue
      const last = said.at(-1)
      if (act.do === 'candidate' && last?.candidate === act.payload) {
        const other = last.side === 'caller' ? seats.callee : seats.caller
        must(heard.get(other)?.at(-1) === said.length - 1, 'a candidate reaches the other')
      }
      if (act.do === 'candidate' || answered.has(call)) continue
      for (const [place, { by }] of said.entries()) {
        const has = heard.get(seats.caller)?.includes(place)
        must(by !== act.device || has === true, 'rule 3: what was held follows the answer')
      }
    }
  }
}

export const rules: readonly Rule[] = [
  onlyPartiesAct,
  firstAcceptWins,
  endsAreTold,
  lookupsAreFollowed,
  devicesComeAndGo,
  candidatesArrive,
  alwaysSo,
]
