import type { IceServer } from '@switchboard/protocol'
import { createEmitter } from '../emitter.js'
import type { Environment } from '../environment.js'
import { type CallEnd, CallError, type SwitchboardError } from '../errors.js'
import type { Media, MediaSession, Wanted } from '../media/media.js'
import { offersVideo, readDescription } from '../media/sdp.js'
import type { Heard, Said } from '../signaling/messages.js'
import type { Call, CallEvents } from './call.js'
import { createNegotiator } from './negotiator.js'
import { advance, type Happening, type Progress } from './progress.js'
import { watchQuality } from './quality-watch.js'
import { createRecovery } from './recovery.js'

const overAlready = () => new CallError('ended', { message: 'the call is over' })

export interface LiveCallOptions {
  readonly id: string | undefined
  readonly direction: 'outgoing' | 'incoming'
  readonly peer: string
  readonly progress: Progress
  readonly wanted: Wanted
  readonly media: Media
  readonly environment: Environment
  readonly iceServers: (callId: string | undefined) => Promise<readonly IceServer[]>
  readonly say: (message: Said) => Promise<void>
  /** Its id or what it wants is known better, or it is over. */
  readonly onChange: (call: LiveCall) => void
}

/** A call as the app has it, and what the book of calls tells it. */
export interface LiveCall {
  readonly public: Call
  id: string | undefined
  readonly direction: 'outgoing' | 'incoming'
  readonly answered: boolean
  readonly isOver: boolean
  readonly wanted: Wanted
  /** Makes the first offer and sends it. */
  dial(): Promise<void>
  heard(frame: Heard): void
  happened(happening: Happening): void
  signaling(up: boolean): void
  networkChanged(): void
  /** The answer may be lost, or the page was loaded again: agrees anew. */
  takeUp(): void
}

export function createLiveCall(options: LiveCallOptions): LiveCall {
  const { direction, peer, environment, say, onChange } = options
  const emitter = createEmitter<CallEvents>()
  let { id, progress, wanted } = options
  let offer: unknown
  let remoteStream: unknown
  let isHeld = false
  let isHeldByPeer = false
  let accepting = false
  const muted = { audio: false, video: false }
  let resolveOver = (_: CallEnd) => {}
  const over = new Promise<CallEnd>(resolve => {
    resolveOver = resolve
  })

  const about = () => ({ RECEIVER_PHONE_NUMBER: peer, ...(id !== undefined && { CALL_ID: id }) })
  /** Refusals of what is about a call that is over are nobody's concern; the call hears of its end anyway. */
  const tell = (message: Said) => void say(message).catch(error => isOver() || refusedBy(error))

  const negotiator = createNegotiator({
    media: options.media,
    wanted: () => wanted,
    polite: direction === 'incoming',
    iceServers: () => options.iceServers(id),
    newOrigin: () => Math.trunc(environment.random() * 1e15).toString(36),
    say: {
      offer: sdp => tell({ REASON: 'call', ...about(), SDP: sdp }),
      answer: sdp => tell({ REASON: 'callResponse', RESPONSE: 'accept', ...about(), SDP: sdp }),
      refuse: () => tell({ REASON: 'callResponse', RESPONSE: 'deny', ...about() }),
      candidate: candidate => {
        if (sendsCandidates) tell({ REASON: 'ICECandidate', ...about(), CANDIDATE: candidate })
        else found.push(candidate)
      },
    },
    hooks: {
      state: state => {
        if (progress.answered) recovery.media(state)
        happened({ kind: 'media', up: state === 'up' })
      },
      remoteStream: stream => {
        remoteStream = stream
        emitter.emit('remoteStream', stream)
      },
      // What the user chose holds whatever becomes of connections.
      opened: session => {
        for (const kind of ['audio', 'video'] as const) if (muted[kind]) session.mute(kind, true)
        if (isHeld) session.hold(true)
      },
      peerHold: holding => {
        if (holding === isHeldByPeer) return
        isHeldByPeer = holding
        emitter.emit('peerHold', holding)
      },
      warning: error => void emitter.emit('warning', error),
    },
  })
  const recovery = createRecovery({ environment, ...negotiator })
  const quality = watchQuality(environment, {
    isWanted: () => emitter.hears('quality') && progress.phase === 'connected',
    read: async () => negotiator.session?.stats(),
    tell: measured => emitter.emit('quality', measured),
  })
  /** Candidates follow the description that they belong to. */
  let sendsCandidates = direction === 'incoming'
  const found: (object | string | null)[] = []

  const isOver = () => progress.phase === 'ended'

  function happened(happening: Happening) {
    const [next, told] = advance(progress, happening)
    progress = next
    if (told === undefined) return
    if (told !== 'ended') return emitter.emit(told)
    recovery.stop()
    quality.stop()
    negotiator.close()
    onChange(live)
    const end = next.end as CallEnd
    resolveOver(end)
    emitter.emit('ended', end)
  }

  /** `no_call` is the end of the call, told by another way; other refusals end it only while it is being made. */
  function refusedBy(error: SwitchboardError) {
    if (error.code === 'no_call' && id !== undefined) return // its HangUp is on the way, or CALLS tells
    if (progress.answered) return emitter.emit('warning', error)
    finish(direction === 'outgoing' ? 'cancelled' : 'connection_lost', error)
  }

  const finish = (cause: CallEnd['cause'], error?: SwitchboardError) =>
    happened({ kind: 'ended', end: { cause, ...(error && { error }) } })

  function heard(frame: Heard) {
    switch (frame.REASON) {
      case 'ringing':
        return happened({ kind: 'ringing' })
      case 'call':
        if (progress.answered) return negotiator.offered(readDescription('offer', frame.SDP))
        offer = frame.SDP
        return negotiator.forgetCandidates()
      case 'callResponse':
        if (frame.RESPONSE === 'deny') return progress.answered ? negotiator.refused() : finish('denied')
        happened({ kind: 'answered' })
        return negotiator.answered(readDescription('answer', frame.SDP))
      case 'ICECandidate':
        return negotiator.candidate(frame.CANDIDATE)
      case 'HangUp':
        return finish(frame.CAUSE)
    }
  }

  async function accept(wish: Partial<Wanted> = {}) {
    if (direction === 'outgoing' || progress.answered || accepting || isOver())
      throw new CallError(isOver() ? 'ended' : 'unsupported', { message: 'there is nothing to accept' })
    accepting = true
    wanted = { ...wanted, ...wish }
    onChange(live)
    try {
      const answer = await negotiator.pickUp(readDescription('offer', offer))
      happened({ kind: 'answered' })
      tell({ REASON: 'callResponse', RESPONSE: 'accept', ...about(), SDP: answer })
    } finally {
      accepting = false
    }
  }

  function hangUp() {
    if (isOver()) return
    if (direction === 'incoming' && !progress.answered) return deny()
    tell({ REASON: 'HangUp', ...about() })
    finish(progress.answered ? 'hung_up' : 'cancelled')
  }

  function deny() {
    if (isOver() || direction === 'outgoing' || progress.answered) return
    tell({ REASON: 'callResponse', RESPONSE: 'deny', ...about() })
    finish('denied')
  }

  /** The media of a call that stands. */
  function session(): MediaSession {
    const current = negotiator.session
    if (isOver()) throw overAlready()
    if (!current || !progress.answered)
      throw new CallError('not_established', { message: 'the call is not answered' })
    return current
  }

  const live: LiveCall = {
    get id() {
      return id
    },
    set id(given) {
      if (id === given) return
      id = given
      onChange(live)
    },
    direction,
    get answered() {
      return progress.answered
    },
    get isOver() {
      return isOver()
    },
    get wanted() {
      return wanted
    },
    async dial() {
      const first = await negotiator.dial()
      if (isOver()) return
      tell({ REASON: 'call', RECEIVER_PHONE_NUMBER: peer, SDP: first })
      sendsCandidates = true
      for (const candidate of found.splice(0))
        tell({ REASON: 'ICECandidate', ...about(), CANDIDATE: candidate })
    },
    heard,
    happened,
    signaling(up) {
      happened({ kind: 'signaling', up })
      recovery.signaling(up)
    },
    networkChanged: () => progress.answered && recovery.networkChanged(),
    takeUp() {
      sendsCandidates = true
      happened({ kind: 'answered' })
      negotiator.beginAnew()
    },
    public: {
      on: emitter.on,
      once: emitter.once,
      off: emitter.off,
      get id() {
        return id
      },
      direction,
      peer,
      get phase() {
        return progress.phase
      },
      get end() {
        return progress.end
      },
      over,
      get hasVideo() {
        return offer === undefined ? wanted.video : offersVideo(readDescription('offer', offer))
      },
      get localStream() {
        return negotiator.session?.localStream
      },
      get remoteStream() {
        return remoteStream
      },
      get isHeld() {
        return isHeld
      },
      get isHeldByPeer() {
        return isHeldByPeer
      },
      isMuted: (kind = 'audio') => muted[kind],
      accept,
      deny,
      hangUp,
      mute(on = true, kind = 'audio') {
        if (isOver()) throw overAlready()
        muted[kind] = on
        negotiator.session?.mute(kind, on)
      },
      hold(on = true) {
        if (on === isHeld) return
        session().hold(on)
        isHeld = on
      },
      switchDevice: async (kind, deviceId) => session().switchDevice(kind, deviceId),
      sendDigits: digits => session().sendDigits(digits),
    },
  }
  return live
}
