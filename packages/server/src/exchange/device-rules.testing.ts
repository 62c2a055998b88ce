import {
  type CallFacts,
  connected,
  type DeviceFacts,
  devicesOf,
  type Facts,
  hasSeat,
  isEngaged,
  must,
  nothing,
  type Rule,
  seatedIn,
} from './facts.testing.js'
import { options, type Turn } from './play.testing.js'

/** Rule 1: five devices a user (three in this play); and who is forgotten, or loses its seat, was gone or replaced. */
export const devicesComeAndGo: Rule = (facts, turn) => {
  const { act, effects, now } = turn
  const of = (kind: 'forget' | 'displace') =>
    effects.flatMap(each => (each.kind === kind ? [each.device] : []))
  const [displaced, forgotten] = [of('displace'), of('forget')]
  const since = new Map([...facts.devices.values()].map(device => [device.id, device.awaySince]))
  const checkForgotten = () => {
    for (const id of forgotten) {
      const awaySince = since.get(id)
      const isSpare = act.do === 'away' && awaySince !== undefined
      const isLost = act.do === 'tick' && awaySince !== undefined && now >= awaySince + options.resumeWindowMs
      const left = act.do === 'leave' && act.device === id
      const replaced = act.do === 'arrive' && act.replaces === id
      must(
        left || replaced || isLost || isSpare || displaced.includes(id),
        'a device is forgotten for a reason',
      )
    }
  }
  for (const effect of effects) {
    if (effect.kind !== 'inherit') continue
    must(act.do === 'arrive' || act.do === 'resume', 'a seat moves when a device comes')
    const replaced = act.do === 'arrive' && act.replaces === effect.from
    const isLent = facts.living.get(effect.callId)?.lent.get(effect.to) === effect.from
    must(effect.to === act.device, 'a seat moves to the device that comes')
    must(
      replaced || since.get(effect.from) !== undefined || (act.do === 'resume' && isLent),
      'from one that is away',
    )
  }
  if (act.do === 'arrive') return arrival(facts, turn, displaced, checkForgotten)
  const lent = act.do === 'resume' ? lentBy(facts, act.device) : []
  const isIdle = act.do === 'resume' && !isEngaged(facts, act.device) && lent.length === 0
  const user = act.do === 'resume' ? facts.devices.get(act.device)?.user : undefined
  // A call outlives a lost socket, so one that comes back to its call may be one too many.
  const bound = Math.max(options.devicesPerUser, connected(facts, user).length)
  return () => {
    checkForgotten()
    if (act.do !== 'resume') return must(displaced.length === 0, 'only who comes displaces')
    for (const call of lent) must(hasSeat(call, act.device), 'who comes back has its seat again')
    must(!isIdle || connected(facts, user).length <= bound, 'rule 1: as many devices back from absence')
  }
}

const lentBy = (facts: Facts, device: CallFacts['seats']['caller']) =>
  [...facts.living.values()].filter(({ lent, seats }) => {
    const to = lent.get(device)
    return to !== undefined && (seats.caller === to || seats.callee === to)
  })

function arrival(facts: Facts, turn: Turn, displaced: readonly string[], checkForgotten: () => void) {
  const { act } = turn
  if (act.do !== 'arrive') return nothing
  const here = connected(facts, act.userId).filter(({ id }) => id !== act.replaces)
  const idle = here.filter(({ id }) => !isEngaged(facts, id))
  const replacesOne = here.length < connected(facts, act.userId).length
  const isFull = !replacesOne && here.length >= options.devicesPerUser
  const oldest = idle.reduce<DeviceFacts | undefined>((a, b) => (a && a.since <= b.since ? a : b), undefined)
  const isHeir = devicesOf(facts, act.userId).some(
    old =>
      seatedIn(facts, old.id) &&
      (old.id === act.replaces || (old.awaySince !== undefined && old.login === act.login)),
  )
  return () => {
    checkForgotten()
    must(
      (turn.refused !== undefined) === (isFull && !oldest),
      'rule 1: refused when all devices are in calls',
    )
    if (turn.refused) return
    must(displaced.length === (isFull ? 1 : 0), 'rule 1: one makes room when there is none')
    must(!isFull || displaced[0] === oldest?.id, 'rule 1: the one longest connected that is in no call')
    must(
      !isHeir || seatedIn(facts, act.device) !== undefined,
      'the seat of an absent device of the login is taken',
    )
  }
}
