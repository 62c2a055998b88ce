import type { DeviceId } from '@switchboard/protocol'
import fc from 'fast-check'
import { test } from 'vitest'
import { createExchange } from './exchange.js'
import { type Facts, isAnswerable, must, noFacts, sideOf } from './facts.testing.js'
import { options, perform, play, type Turn } from './play.testing.js'
import { rules } from './rules.testing.js'
import { type Script, script } from './script.testing.js'
import { witness } from './witness.testing.js'

/** More of them for a soak: `RULES_RUNS=1000000`. */
const numRuns = Number(process.env.RULES_RUNS ?? 10_000)

/** Plays a script and holds every turn against the rules; when one is broken, tells how it came to that. */
function playByTheRules(its: Script) {
  const facts = noFacts()
  const turns: Turn[] = []
  const callsOf = (device: DeviceId) => callsSeenBy(facts, device)
  const see = (turn: Turn) => {
    turns.push(turn)
    const checks = rules.map(rule => rule(facts, turn))
    witness(facts, turn)
    for (const check of checks) check()
  }
  try {
    return { facts, turns, left: play(its, { callsOf }, see).counts() }
  } catch (error) {
    const story = turns.slice(-12).map(storyOf).join('\n')
    throw new Error(`${error instanceof Error ? error.message : error}\n${story}`, { cause: error })
  }
}

const callsSeenBy = (facts: Facts, device: DeviceId) =>
  [...facts.living.values()]
    .filter(call => call.knows.has(device))
    .map(call => ({
      callId: call.id,
      other: sideOf(facts, call, device) === 'caller' ? call.callee : call.caller,
      awaitsAnswer: isAnswerable(facts, call, device),
    }))

const storyOf = ({ now, act, refused, effects }: Turn) =>
  [`${now} ${JSON.stringify(act)} ${refused ?? ''}`, ...effects.map(effect => `    ${inShort(effect)}`)].join(
    '\n',
  )

function inShort(effect: Turn['effects'][number]): string {
  if (effect.kind === 'tell') {
    const { tell } = effect
    const what =
      'sdp' in tell ? tell.sdp : 'cause' in tell ? tell.cause : 'candidate' in tell ? tell.candidate : ''
    return `${effect.device} hears ${tell.kind} of ${tell.callId} ${what}`
  }
  if (effect.kind !== 'record') return JSON.stringify(effect)
  const { call, trace } = effect
  return `${call.id} ${call.state} ${call.state === 'ended' ? call.cause : ''} ${trace?.kind} ${trace?.device}`
}

/** The same play without what was refused comes out the same: a refusal leaves no trace behind. */
function leavesNoTrace(turns: readonly Turn[]) {
  const exchange = createExchange(options)
  for (const { act, now, effects, refused, counts, due } of turns) {
    if (refused !== undefined) continue
    const again = perform(exchange, act, now)
    const isSame =
      effects.length === again.effects.length && due === again.due && counts.calls === again.counts.calls
    must(
      isSame && effects.every((effect, i) => inShort(effect) === inShort(again.effects[i] as typeof effect)),
      `what is refused changes nothing, yet without it ${JSON.stringify(act)} came out otherwise`,
    )
  }
}

test('whatever anybody does in whatever order, the rules of a call hold', () => {
  const holds = (its: Script) => {
    const { facts, turns, left } = playByTheRules(its)
    must(facts.living.size === 0, 'every call ends')
    must(Math.max(...Object.values(left)) === 0, `nothing is left, not ${JSON.stringify(left)}`)
    leavesNoTrace(turns)
  }
  fc.assert(fc.property(script, holds), { numRuns, unbiased: true })
}, 120_000)
