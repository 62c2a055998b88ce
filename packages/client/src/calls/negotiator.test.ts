import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Candidate, Description, Media, MediaHooks } from '../media/media.js'
import { createNegotiator } from './negotiator.js'

type State = 'stable' | 'offered' | 'closed'

/** A peer connection that knows in which order things may happen, and throws when they do not. */
function strictMedia() {
  const opened: {
    state: State
    version: number
    agreedWith: string | undefined
    hooks: MediaHooks
    candidates: number
    /** What it offered was taken back, or has no answer yet. */
    isUnmet: boolean
  }[] = []
  const faults: string[] = []
  const media: Media = {
    async open({ hooks }) {
      const own = {
        state: 'stable' as State,
        version: 0,
        agreedWith: undefined as string | undefined,
        hooks,
        candidates: 0,
        isUnmet: false,
      }
      const name = opened.push(own)
      let described = false
      const must = (state: State, what: string) => {
        if (own.state !== state) faults.push(`${what} while ${own.state}`)
      }
      const sdp = () => `a=fingerprint:sha-256 ${name}\r\nv${own.version}`
      return {
        localStream: 'camera',
        async offer() {
          must('stable', 'offer')
          own.state = 'offered'
          own.isUnmet = true
          own.version++
          return { type: 'offer', sdp: sdp() }
        },
        async answer(offer: Description) {
          must('stable', 'answer')
          described = true
          own.agreedWith = offer.sdp
          return { type: 'answer', sdp: sdp() }
        },
        async takeAnswer(answer: Description) {
          must('offered', 'takeAnswer')
          described = true
          own.state = 'stable'
          own.isUnmet = false
          own.agreedWith = answer.sdp
        },
        async rollback() {
          must('offered', 'rollback')
          own.state = 'stable'
        },
        async addCandidate() {
          if (!described) faults.push('a candidate without a description')
          own.candidates++
        },
        setIceServers() {},
        mute() {},
        hold() {},
        switchDevice: async () => {},
        sendDigits() {},
        stats: async () => undefined,
        close() {
          own.state = 'closed'
        },
      }
    },
  }
  return { media, opened, faults, newest: () => opened.at(-1) }
}

/** Two sides, and what is on its way between them, in order. */
function pair() {
  const sides = [false, true].map(polite => {
    const strict = strictMedia()
    const inbox: { readonly kind: 'offer' | 'answer' | 'refuse' | 'candidate'; readonly what: unknown }[] = []
    return { polite, strict, inbox, warnings: [] as Error[] }
  })
  let origins = 0
  const [caller, callee] = sides.map((side, n) => {
    const there = () => (sides[1 - n] as (typeof sides)[number]).inbox
    const negotiator = createNegotiator({
      media: side.strict.media,
      wanted: () => ({ audio: true, video: false }),
      polite: side.polite,
      iceServers: async () => [],
      newOrigin: () => String(++origins),
      say: {
        offer: what => there().push({ kind: 'offer', what }),
        answer: what => there().push({ kind: 'answer', what }),
        refuse: () => there().push({ kind: 'refuse', what: undefined }),
        candidate: what => there().push({ kind: 'candidate', what }),
      },
      hooks: {
        state() {},
        remoteStream() {},
        peerHold() {},
        opened() {},
        warning: error => side.warnings.push(error),
      },
    })
    return { ...side, negotiator }
  }) as [Side, Side]
  type Side = (typeof sides)[number] & { readonly negotiator: ReturnType<typeof createNegotiator> }

  const settle = async () => {
    for (let n = 0; n < 60; n++) await Promise.resolve()
  }
  /** Lets one side read one message. */
  async function deliver(to: Side) {
    const message = to.inbox.shift()
    if (!message) return
    if (message.kind === 'offer') to.negotiator.offered(message.what as Description)
    if (message.kind === 'answer') to.negotiator.answered(message.what as Description)
    if (message.kind === 'refuse') to.negotiator.refused()
    if (message.kind === 'candidate') to.negotiator.candidate(message.what as Candidate)
    await settle()
  }
  async function drain() {
    for (let n = 0; n < 200 && (caller.inbox.length > 0 || callee.inbox.length > 0); n++) {
      await deliver(caller)
      await deliver(callee)
    }
  }
  async function establish() {
    const offer = await caller.negotiator.dial()
    callee.inbox.length = 0
    caller.negotiator.answered(await callee.negotiator.pickUp(offer))
    await settle()
  }
  return { caller, callee, settle, deliver, drain, establish }
}

/** They have agreed, each with the newest of the other. */
function expectAgreed({ caller, callee }: ReturnType<typeof pair>) {
  for (const { strict } of [caller, callee]) {
    expect(strict.faults).toEqual([])
    expect(strict.newest()).toMatchObject({ state: 'stable', isUnmet: false })
  }
  expect([caller.inbox, callee.inbox]).toEqual([[], []])
  const fingerprint = (sdp: string | undefined) => /sha-256 (\d+)/.exec(sdp ?? '')?.[1]
  expect(fingerprint(caller.strict.newest()?.agreedWith)).toBe(String(callee.strict.opened.length))
  expect(fingerprint(callee.strict.newest()?.agreedWith)).toBe(String(caller.strict.opened.length))
}

describe('two sides', () => {
  it('agree whatever they want at whatever moment, both at once included', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), fc.constantFrom('wants', 'reads', 'restarts', 'finds')), {
          maxLength: 25,
        }),
        async steps => {
          const both = pair()
          await both.establish()
          for (const [isCaller, step] of steps) {
            const side = isCaller ? both.caller : both.callee
            if (step === 'wants') side.strict.newest()?.hooks.negotiationNeeded()
            if (step === 'restarts') side.negotiator.restartIce()
            if (step === 'finds') side.strict.newest()?.hooks.candidate({ candidate: 'x' })
            if (step === 'reads') await both.deliver(side)
            await both.settle()
          }
          await both.drain()
          expectAgreed(both)
          expect([...both.caller.warnings, ...both.callee.warnings]).toEqual([])
        },
      ),
      { numRuns: 300 },
    ))

  it.each(['caller', 'callee'] as const)(
    'the %s begins anew: the other follows, with a new connection',
    async who => {
      const both = pair()
      await both.establish()
      both[who].negotiator.beginAnew()
      await both.settle()
      await both.drain()
      expectAgreed(both)
      expect([both.caller.strict.opened.length, both.callee.strict.opened.length]).toEqual([2, 2])
      expect(both.caller.strict.opened[0]?.state).toBe('closed')
    },
  )

  it('of a candidate before its description nothing is lost', async () => {
    const both = pair()
    const offer = await both.caller.negotiator.dial()
    both.callee.negotiator.candidate({ candidate: 'early' })
    await both.callee.negotiator.pickUp(offer)
    expect([both.callee.strict.newest()?.candidates, both.callee.strict.faults]).toEqual([1, []])
  })

  it('an answer that nobody waits for harms nothing, and a refusal is got over', async () => {
    const both = pair()
    await both.establish()
    both.caller.negotiator.answered({ type: 'answer', sdp: 'late' })
    both.caller.negotiator.restartIce()
    await both.settle()
    both.callee.inbox.length = 0
    both.caller.negotiator.refused()
    both.caller.negotiator.restartIce()
    await both.settle()
    await both.drain()
    expectAgreed(both)
  })

  it('after its end nothing is opened, and who waits hears why', async () => {
    const { caller } = pair()
    caller.negotiator.close()
    await expect(caller.negotiator.dial()).rejects.toMatchObject({ code: 'ended' })
    expect(caller.strict.opened).toEqual([])
  })
})
