import { type Signal, signal } from '@preact/signals'
import type { Call, CallEnd, Phase, Quality } from '@switchboard/client'

/** What may go wrong in a call that goes on. */
export type Notice = 'no_relay' | 'slow' | 'silent' | 'other'

/** One call, as the screen shows it. */
export interface Line {
  readonly call: Call
  readonly peer: string
  readonly isIncoming: boolean
  readonly phase: Signal<Phase>
  readonly isMuted: Signal<boolean>
  readonly isCameraOn: Signal<boolean>
  readonly isHeld: Signal<boolean>
  readonly isHeldByPeer: Signal<boolean>
  readonly local: Signal<MediaStream | undefined>
  readonly remote: Signal<MediaStream | undefined>
  /** The other side sends a picture. */
  readonly hasPicture: Signal<boolean>
  readonly quality: Signal<Quality | undefined>
  readonly notice: Signal<Notice | undefined>
  readonly connectedAt: Signal<number | undefined>
  readonly end: Signal<CallEnd | undefined>
  mute(muted: boolean): void
  hold(held: boolean): void
  camera(on: boolean, deviceId: string): Promise<void>
  use(kind: 'audio' | 'video', deviceId: string): Promise<void>
  /** Reads what has no event of its own. */
  refresh(): void
}

/** Agreed on, and still no media: said after so long. */
const slowAfterMs = 12_000

export function createLine(call: Call): Line {
  const phase = signal(call.phase)
  const isMuted = signal(call.isMuted())
  const isCameraOn = signal(false)
  const isHeld = signal(call.isHeld)
  const isHeldByPeer = signal(call.isHeldByPeer)
  const local = signal<MediaStream | undefined>()
  const remote = signal<MediaStream | undefined>()
  const hasPicture = signal(false)
  const quality = signal<Quality>()
  const notice = signal<Notice>()
  const connectedAt = signal<number>()
  const end = signal(call.end)

  function refresh() {
    phase.value = call.phase
    local.value = call.localStream as MediaStream | undefined
    isCameraOn.value = !call.isMuted('video') && (local.value?.getVideoTracks().length ?? 0) > 0
    if (call.phase === 'connected') {
      connectedAt.value ??= Date.now()
      if (notice.value === 'slow') notice.value = undefined
    }
  }
  function look() {
    const tracks = remote.value?.getVideoTracks() ?? []
    hasPicture.value = tracks.some(({ muted, readyState }) => !muted && readyState === 'live')
  }
  for (const name of ['ringing', 'connected', 'reconnecting', 'reconnected'] as const) call.on(name, refresh)
  call.on('remoteStream', given => {
    const stream = given as MediaStream
    remote.value = stream
    for (const track of stream.getVideoTracks()) {
      track.onmute = look
      track.onunmute = look
      track.onended = look
    }
    look()
    refresh()
  })
  call.on('quality', measured => {
    quality.value = measured
  })
  call.on('peerHold', held => {
    isHeldByPeer.value = held
  })
  call.on('warning', error => {
    notice.value = (error as { code?: string }).code === 'no_relay' ? 'no_relay' : (notice.value ?? 'other')
  })
  call.on('ended', how => {
    clearInterval(watch)
    end.value = how
    refresh()
  })
  let since: number | undefined
  const watch = setInterval(() => {
    refresh() // answering and dialling have no events
    since = call.phase === 'connecting' ? (since ?? Date.now()) : undefined
    if (since !== undefined && Date.now() - since > slowAfterMs) notice.value ??= 'slow'
  }, 1_000)
  refresh()

  return {
    call,
    peer: call.peer,
    isIncoming: call.direction === 'incoming',
    ...{ phase, isMuted, isCameraOn, isHeld, isHeldByPeer, local, remote, hasPicture },
    ...{ quality, notice, connectedAt, end, refresh },
    mute(muted) {
      call.mute(muted)
      isMuted.value = muted
    },
    hold(held) {
      call.hold(held)
      isHeld.value = held
    },
    async camera(on, deviceId) {
      if (on && !local.value?.getVideoTracks().length) await call.switchDevice('video', deviceId)
      call.mute(!on, 'video')
      refresh()
    },
    async use(kind, deviceId) {
      await call.switchDevice(kind, deviceId)
      refresh()
    },
  }
}
