import type { IceServer } from '@switchboard/protocol'
import { MediaError } from '../errors.js'
import type { Candidate, Description, Media, MediaHooks, MediaSession, Wanted } from '../media/media.js'
import { isHolding, originOf } from '../media/sdp.js'

export interface NegotiatorOptions {
  readonly media: Media
  readonly wanted: () => Wanted
  /** Gives way when both sides offer at once: the callee. */
  readonly polite: boolean
  readonly iceServers: () => Promise<readonly IceServer[]>
  /** A name for a media session that no other has. */
  readonly newOrigin: () => string
  readonly say: {
    offer(offer: Description): void
    answer(answer: Description): void
    /** An offer that could not be answered. */
    refuse(): void
    candidate(candidate: Candidate): void
  }
  readonly hooks: Pick<MediaHooks, 'state' | 'remoteStream' | 'warning'> & {
    peerHold(holding: boolean): void
    /** Another session, before it agrees on anything. */
    opened(session: MediaSession): void
  }
}

/**
 * Brings two media sessions to terms (perfect negotiation, W3C WebRTC section 10.7, over the protocol's renegotiation). One
 * step at a time and in order: whatever comes meanwhile waits.
 */
export function createNegotiator(options: NegotiatorOptions) {
  const { media, wanted, polite, iceServers, newOrigin, say, hooks } = options
  let session: MediaSession | undefined
  let origin = newOrigin()
  let early: Candidate[] = []
  /** The session has a description of the other side, made by this peer connection of theirs. */
  let isDescribed = false
  let remoteOrigin: string | undefined
  /** Nothing is offered within a call that is not answered. */
  let agreed = false
  let offering = false
  let again = false
  let restart = false
  let closed = false
  let steps: Promise<unknown> = Promise.resolve()

  /** Runs after what runs now; the caller hears what went wrong. */
  function run<T>(step: () => Promise<T>): Promise<T> {
    const done = steps.then(() => {
      if (closed) throw new MediaError('ended', { message: 'the call is over' })
      return step()
    })
    steps = done.catch(() => {})
    return done
  }
  /** The same, where nobody waits. */
  const soon = (step: () => Promise<void>) => {
    run(step).catch(error => closed || hooks.warning(error))
  }

  async function open(localStream?: unknown): Promise<MediaSession> {
    const own: MediaHooks = {
      candidate: candidate => isCurrent() && say.candidate(candidate),
      negotiationNeeded: () => isCurrent() && agreed && soon(negotiate),
      state: state => isCurrent() && hooks.state(state),
      remoteStream: stream => isCurrent() && hooks.remoteStream(stream),
      warning: error => isCurrent() && hooks.warning(error),
    }
    let opened: MediaSession | undefined
    // What it tells before it is given back is of the newest session.
    const isCurrent = () => !closed && (opened === undefined || opened === session)
    opened = await media.open({ wanted: wanted(), iceServers: await iceServers(), hooks: own, localStream })
    if (closed) opened.close()
    session = opened
    origin = newOrigin()
    hooks.opened(opened)
    return opened
  }

  async function remoteIs(description: Description) {
    isDescribed = true
    remoteOrigin = originOf(description)
    hooks.peerHold(isHolding(description))
    for (const candidate of early.splice(0)) await add(candidate)
  }

  /** Candidates of an offer that was ignored fit nothing, and harm nothing. */
  const add = (candidate: Candidate) => session?.addCandidate(candidate).catch(() => {})

  async function negotiate() {
    if (offering) {
      again = true
      return
    }
    offering = true
    again = false
    try {
      session ??= await open()
      const how = { restartIce: restart }
      if (restart) session.setIceServers(await iceServers())
      restart = false
      say.offer({ ...(await session.offer(how)), origin })
    } catch (error) {
      offering = false
      throw error
    }
  }

  async function settled() {
    offering = false
    if (again) await negotiate()
  }

  async function offered(offer: Description) {
    const isOtherPage = isDescribed && originOf(offer) !== remoteOrigin
    if (offering) {
      if (!polite && !isOtherPage) return
      await session?.rollback()
      again = !isOtherPage
      offering = false
    }
    if (isOtherPage || !session) await renew()
    const current = session as MediaSession
    say.answer({ ...(await current.answer(offer)), origin })
    await remoteIs(offer)
    if (again) await negotiate()
  }

  /** Another session in place of this one, with the same camera and microphone. */
  async function renew() {
    const before = session
    isDescribed = false
    early = []
    before?.close(true)
    session = undefined
    await open(before?.localStream)
  }

  return {
    get session() {
      return session
    },
    /** The first offer of a call. */
    dial: () =>
      run(async () => {
        const first = await (await open()).offer({ restartIce: false })
        return { ...first, origin }
      }),

    /** The answer to the first offer. */
    pickUp: (offer: Description) =>
      run(async () => {
        session?.close() // of an attempt that failed
        const answer = await (await open()).answer(offer)
        await remoteIs(offer)
        agreed = true
        return { ...answer, origin }
      }),

    /** The other side's answer, to the first offer or to a later one; one that nobody waits for is let go of. */
    answered: (answer: Description) =>
      soon(async () => {
        const first = !agreed
        agreed = true
        if (!session) return negotiate()
        if (!first && !offering) return
        await session.takeAnswer(answer)
        await remoteIs(answer)
        await settled()
      }),

    /** The other side would not have a later offer. */
    refused: () =>
      soon(async () => {
        if (!offering) return
        await session?.rollback()
        await settled()
      }),

    /** A later offer of the other side. */
    offered: (offer: Description) =>
      soon(() =>
        offered(offer).catch(error => {
          say.refuse()
          throw error
        }),
      ),

    /** Kept until there is a description that it belongs to. */
    candidate: (candidate: Candidate) =>
      soon(async () => {
        if (isDescribed) await add(candidate)
        else early.push(candidate)
      }),

    /** What was held is given again. */
    forgetCandidates: () =>
      soon(async () => {
        early = []
      }),

    /** Finds new ways to the other side. */
    restartIce: () =>
      soon(async () => {
        agreed = true
        restart = true
        await negotiate()
      }),

    /** Begins anew, as after the page was loaded again, or when nothing else helped. */
    beginAnew: () =>
      soon(async () => {
        agreed = true
        offering = false
        await renew()
        await negotiate()
      }),

    close() {
      closed = true
      session?.close()
    },
  }
}
