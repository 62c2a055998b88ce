import type { CallStanding, ConnectedDown } from '@switchboard/protocol'
import type { CallEnd, ConnectionError } from '../errors.js'
import type { Wanted } from '../media/media.js'
import type { Link } from '../signaling/link.js'
import type { Heard, Said } from '../signaling/messages.js'
import type { LiveCall, LiveCallOptions } from './live-call.js'
import { createLiveCall } from './live-call.js'
import { begin, type Progress, takenUp } from './progress.js'
import { reconcile } from './reconcile.js'

export interface BookOptions extends Pick<LiveCallOptions, 'media' | 'environment' | 'iceServers'> {
  readonly link: () => Link
  readonly me: () => string
  /** What a call was made with before the page was loaded again. */
  readonly wantedBefore: (callId: string) => Wanted | undefined
  readonly onIncoming: (call: LiveCall) => void
  readonly onRestored: (call: LiveCall) => void
  readonly onChange: () => void
}

/** Ids of calls that ended here: what still arrives of them is not of a new one. */
const rememberedEnds = 256
/** An answer that was under way when the connection was lost arrives within this, or is lost. */
const answerWithinMs = 1_000

/** The calls of this device: who hears what, and what is left of them after a connection that did not resume. */
export function createBook(options: BookOptions) {
  const { link, me, environment, onChange } = options
  const calls = new Set<LiveCall>()
  const ended = new Set<string>()

  function add(
    direction: LiveCall['direction'],
    peer: string,
    wanted: Wanted,
    progress: Progress,
    id?: string,
  ) {
    const call = createLiveCall({
      ...options,
      id,
      direction,
      peer,
      progress,
      wanted,
      say: message => link().say(message),
      onChange: changed,
    })
    calls.add(call)
    return call
  }

  function changed(call: LiveCall) {
    if (call.isOver && calls.delete(call) && call.id !== undefined) {
      ended.add(call.id)
      const [oldest] = ended
      if (ended.size > rememberedEnds && oldest !== undefined) ended.delete(oldest)
    }
    onChange()
  }

  const withId = (id: string) => [...calls].find(call => call.id === id)
  const unnamed = () => [...calls].find(call => call.id === undefined && call.direction === 'outgoing')

  /** Whom a frame is for. A device makes one call at a time: what has an unknown id answers that one. */
  function addressee(frame: Heard): LiveCall | undefined {
    const known = withId(frame.CALL_ID)
    if (known || frame.REASON === 'call' || ended.has(frame.CALL_ID)) return known
    const named = unnamed()
    if (named) named.id = frame.CALL_ID
    return named
  }

  function heard(frame: Heard) {
    const call = addressee(frame)
    if (call) return call.heard(frame)
    if (frame.REASON !== 'call') return
    if (ended.has(frame.CALL_ID)) return
    const wanted = { audio: true, video: false }
    const incoming = add(
      'incoming',
      frame.SENDER_PHONE_NUMBER,
      wanted,
      begin('incoming', link().isUp),
      frame.CALL_ID,
    )
    incoming.heard(frame)
    options.onIncoming(incoming)
  }

  /** After every `connected`: the calls hear that signaling is back, and of what became of them meanwhile. */
  function connected({ RESUMED, CALLS }: ConnectedDown) {
    if (!RESUMED) settle(CALLS)
    for (const call of calls) call.signaling(true)
  }

  function settle(standings: readonly CallStanding[]) {
    const known = [...calls].map(call => ({
      call,
      id: call.id,
      direction: call.direction,
      answered: call.answered,
      unsaid: link().owes(({ REASON, CALL_ID }: Said) => REASON === 'call' && CALL_ID === undefined),
    }))
    const { verdicts, unknown } = reconcile(known, standings, me())
    for (const verdict of verdicts) {
      const { call } = verdict.call
      if (verdict.is === 'over') end(call, { cause: 'connection_lost' })
      if (verdict.is === 'named') call.id = verdict.standing.CALL_ID
      const isAnswered =
        verdict.is === 'answered' || (verdict.is === 'named' && verdict.standing.STATE === 'established')
      if (isAnswered) answeredMeanwhile(call)
    }
    const living = new Set(standings.map(each => each.CALL_ID))
    const isNew = unnamed() !== undefined
    link().retain(({ REASON, CALL_ID }) => {
      if (CALL_ID !== undefined) return living.has(CALL_ID)
      // A `call` that the server has under an id is not said again; what follows one that it has not, is.
      return isNew || (REASON !== 'call' && living.size > 0)
    })
    const isGivenUp = link().owes(({ REASON, CALL_ID }) => REASON === 'HangUp' && CALL_ID === undefined)
    for (const standing of unknown) {
      if (!ended.has(standing.CALL_ID) && !(isGivenUp && standing.STATE === 'ringing')) restore(standing)
    }
  }

  /** Somebody answered while we were away. The answer follows, or it is lost and something new is agreed. */
  function answeredMeanwhile(call: LiveCall) {
    environment.setTimer(() => {
      if (!call.answered && !call.isOver) call.takeUp()
    }, answerWithinMs)
  }

  function restore({ CALL_ID, SENDER_PHONE_NUMBER, RECEIVER_PHONE_NUMBER, STATE }: CallStanding) {
    const direction = SENDER_PHONE_NUMBER === me() ? 'outgoing' : 'incoming'
    const peer = direction === 'outgoing' ? RECEIVER_PHONE_NUMBER : SENDER_PHONE_NUMBER
    const wanted = options.wantedBefore(CALL_ID) ?? { audio: true, video: false }
    const answered = STATE === 'established'
    const call = add(direction, peer, wanted, takenUp(answered), CALL_ID)
    options.onRestored(call)
    if (answered) call.takeUp()
  }

  const end = (call: LiveCall, how: CallEnd) => call.happened({ kind: 'ended', end: how })

  return {
    calls: (): readonly LiveCall[] => [...calls],
    heard,
    connected,
    lost() {
      for (const call of calls) call.signaling(false)
    },
    networkChanged() {
      for (const call of calls) call.networkChanged()
    },
    /** Nobody will hear of these calls any more. */
    close(error?: ConnectionError) {
      for (const call of [...calls]) end(call, { cause: 'connection_lost', ...(error && { error }) })
    },
    async dial(number: string, wanted: Wanted) {
      const call = add('outgoing', number, wanted, begin('outgoing', link().isUp))
      try {
        await call.dial()
      } catch (error) {
        end(call, { cause: 'cancelled' })
        throw error
      }
      return call
    },
  }
}
