import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { Call, Phone } from '@switchboard/client'
import { createLine, type Line } from './line.js'

/** A call that could not be made or answered, and what to try again with. */
export interface Failure {
  readonly error: unknown
  readonly video: boolean
  again(video: boolean): void
}

/** The calls of this phone. */
export interface Lines {
  /** The one on the screen, until it is put away. */
  readonly current: Signal<Line | undefined>
  /** The one that rings here. */
  readonly incoming: ReadonlySignal<Line | undefined>
  readonly failure: Signal<Failure | undefined>
  /** The same, when a call on the screen goes on. */
  readonly isBusy: ReadonlySignal<boolean>
  dial(number: string, video: boolean): void
  answer(line: Line, video: boolean): Promise<void>
  /** Puts a call away that is over. */
  dismiss(): void
  follow(phone: Phone): void
}

export interface LinesOptions {
  /** A call has ended: the history has one more. */
  readonly onEnded: (line: Line) => void
}

/** Ends that are news: they stay on the screen until somebody has read them. */
const isNews = ({ isIncoming, end }: Line) =>
  end.value?.error !== undefined ||
  end.value?.cause === 'connection_lost' ||
  end.value?.cause === 'ended_by_admin' ||
  (!isIncoming && !['hung_up', 'cancelled', 'glare'].includes(end.value?.cause ?? ''))

export function createLines({ onEnded }: LinesOptions): Lines {
  const current = signal<Line>()
  const ringing = signal<readonly Line[]>([])
  const failure = signal<Failure>()
  let phone: Phone | undefined

  function track(call: Call): Line {
    const line = createLine(call)
    call.on('ended', () => {
      ringing.value = ringing.value.filter(each => each !== line)
      if (current.value === line && !isNews(line)) current.value = undefined
      onEnded(line)
    })
    return line
  }

  function dial(number: string, video: boolean) {
    if (!phone) return
    failure.value = undefined
    const before = new Set(phone.calls)
    const calling = phone.call(number, { audio: true, video })
    const made = phone.calls.find(call => !before.has(call))
    const line = made && track(made)
    if (line) current.value = line
    calling.then(
      () => line?.refresh(),
      error => {
        if (line && current.value === line) current.value = undefined
        failure.value = { error, video, again: withVideo => dial(number, withVideo) }
      },
    )
  }

  async function answer(line: Line, video: boolean) {
    failure.value = undefined
    try {
      const { call } = line
      await call.accept({ audio: true, video })
      ringing.value = ringing.value.filter(each => each !== line)
      current.value = call.phase === 'ended' ? undefined : line
      line.refresh()
    } catch (error) {
      if (line.call.phase !== 'ended')
        failure.value = { error, video, again: withVideo => void answer(line, withVideo) }
    }
  }

  /** The clock of a call that goes on from before the page was loaded. */
  async function sinceWhen(line: Line) {
    const page = await phone?.history({ limit: 5 }).catch(() => undefined)
    const entry = page?.calls.find(({ call_id }) => call_id === line.call.id)
    if (entry?.answered_at) line.connectedAt.value = Date.parse(entry.answered_at)
  }

  function takeUp(call: Call) {
    const line = track(call)
    current.value = line
    void sinceWhen(line)
  }

  return {
    current,
    incoming: computed(() => ringing.value[0]),
    failure,
    isBusy: computed(() => current.value !== undefined && current.value.end.value === undefined),
    dial,
    answer,
    dismiss() {
      if (current.value?.end.value) current.value = undefined
    },
    follow(next) {
      phone = next
      current.value = undefined
      ringing.value = []
      for (const call of next.calls)
        if (call.direction === 'outgoing' || call.phase !== 'ringing') takeUp(call)
      next.on('restored', takeUp)
      next.on('incoming', call => {
        ringing.value = [...ringing.value, track(call)]
      })
    },
  }
}
