import type { Call, Phone } from '@switchboard/client'
import type { Line } from './line.js'

/** Told what went wrong with a scenario; never what is in a call. */
export type Tell = (what: string) => void

const after = (ms: number, run: () => void) => void setTimeout(run, ms).unref()

/** How long a person takes to decline. */
const declineAfterMs = 1_000
/** The call stands by then on both sides. */
const dropAfterMs = 3_000
const redialAfterMs = 1_000

export const accepts =
  (tell: Tell) =>
  (call: Call): void => {
    call.accept().catch((error: Error) => tell(`could not accept: ${error.name}`))
  }

export const declines = (call: Call): void => after(declineAfterMs, () => call.deny())

/** Accepts, and loses its socket for so long. */
export const acceptsAndDrops = (line: Line, awayMs: number, tell: Tell) => (call: Call) => {
  accepts(tell)(call)
  after(dropAfterMs, () => {
    if (!call.end) line.loseSocket(awayMs)
  })
}

/** In a call with a partner of its own, and again when that ends: so it is busy by the rule, not by a special case. */
export function staysBusy(phone: Phone, partner: Phone, tell: Tell): Promise<void> {
  partner.on('incoming', accepts(tell))
  let told = () => {}
  const standing = new Promise<void>(resolve => (told = resolve))
  let closed = false
  phone.on('closed', () => {
    closed = true
  })
  const dial = async () => {
    if (closed) return
    try {
      const call = await phone.call(partner.number)
      call.once('connected', told)
      await call.over
    } catch (error) {
      tell(`could not become busy: ${(error as Error).name}`)
    }
    after(redialAfterMs, () => void dial())
  }
  void dial()
  return standing
}
