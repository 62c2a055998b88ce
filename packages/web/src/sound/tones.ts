/** One note: hertz (one, or two together), when it begins and how long it lasts, in seconds. */
interface Note {
  readonly hertz: readonly number[]
  readonly at: number
  readonly lasts: number
}

/** A pattern that comes again. `soft`: struck and dying away, else a steady tone of the network. */
interface Pattern {
  readonly notes: readonly Note[]
  readonly every: number
  readonly soft: boolean
  readonly volume: number
}

const note = (at: number, lasts: number, ...hertz: number[]): Note => ({ at, lasts, hertz })

export const patterns = {
  /** Somebody calls: a rising fifth and an answer to it, twice. */
  incoming: {
    notes: [
      ...[note(0, 0.9, 659.3), note(0.18, 0.9, 987.8), note(0.36, 1.1, 880)],
      ...[note(0.9, 0.9, 659.3), note(1.08, 0.9, 987.8), note(1.26, 1.4, 1318.5)],
    ],
    every: 3.2,
    soft: true,
    volume: 0.22,
  },
  /** It rings there: 425 Hz, one second of five, as Sweden and most of Europe have it (ITU-T E.180). */
  ringback: { notes: [note(0, 1, 425)], every: 5, soft: false, volume: 0.07 },
} as const satisfies Record<string, Pattern>

/** The pairs of tones of a keypad (ITU-T Q.23). */
const rows = [697, 770, 852, 941] as const
const columns = [1209, 1336, 1477] as const
const keys = '123456789*0#'

/** What a page can ring with. No files: oscillators. Silent until the browser lets a page sound. */
export function createTones() {
  let context: AudioContext | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  let playing: GainNode | undefined

  function output(volume: number): GainNode {
    context ??= new AudioContext()
    void context.resume().catch(() => undefined)
    const gain = context.createGain()
    gain.gain.value = volume
    gain.connect(context.destination)
    return gain
  }
  function sound({ hertz, at, lasts }: Note, soft: boolean, into: GainNode) {
    const { currentTime } = into.context
    const from = currentTime + at
    const envelope = into.context.createGain()
    envelope.connect(into)
    envelope.gain.setValueAtTime(0, from)
    envelope.gain.linearRampToValueAtTime(1, from + 0.015)
    if (soft) envelope.gain.exponentialRampToValueAtTime(0.001, from + lasts)
    else envelope.gain.setValueAtTime(1, from + lasts - 0.02)
    if (!soft) envelope.gain.linearRampToValueAtTime(0, from + lasts)
    for (const pitch of hertz) {
      const oscillator = into.context.createOscillator()
      oscillator.type = soft ? 'triangle' : 'sine'
      oscillator.frequency.value = pitch
      oscillator.connect(envelope)
      oscillator.start(from)
      oscillator.stop(from + lasts)
    }
  }
  function stop() {
    clearInterval(timer)
    playing?.disconnect()
    playing = undefined
  }
  return {
    play({ notes, every, soft, volume }: Pattern) {
      stop()
      const into = output(volume)
      playing = into
      const once = () => {
        for (const each of notes) sound(each, soft, into)
      }
      once()
      timer = setInterval(once, every * 1_000)
    },
    stop,
    key(digit: string) {
      const place = keys.indexOf(digit)
      const [row, column] = [rows[Math.floor(place / 3)], columns[place % 3]]
      if (place < 0 || !row || !column) return
      sound(note(0, 0.12, row, column), false, output(0.05))
    },
  }
}
