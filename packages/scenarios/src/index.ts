import type { Media } from '@switchboard/client'
import { accepts, acceptsAndDrops, declines, staysBusy, type Tell } from './behaviours.js'
import { echoMedia } from './echo-media.js'
import { type Credentials, type Line, openLine } from './line.js'
import type { Scenario } from './numbers.js'

export { numbers, type Scenario } from './numbers.js'

export interface ScenarioOptions {
  /** Where the API is. */
  readonly url: string
  /** Those that could be had; a number that belongs to somebody is left out. */
  readonly accounts: ReadonlyMap<Scenario, Credentials>
  readonly resumeWindowMs: number
  readonly hasTurn: boolean
  readonly tell: Tell
}

const dropForMs = 5_000

/** Everybody takes their places; resolves when all numbers may be called, with what ends them. */
export async function startScenarios(options: ScenarioOptions): Promise<() => void> {
  const { url, accounts, resumeWindowMs, tell } = options
  const lines: Line[] = []
  const close = () => {
    for (const { phone } of lines) phone.close()
  }
  const open = async (scenario: Scenario, media: Media | null = null) => {
    const who = accounts.get(scenario)
    if (!who) return undefined
    const line = await openLine(url, who, media)
    lines.push(line)
    return line
  }
  try {
    const werift = await import('werift').catch(() => undefined)
    if (!werift) tell('werift is not installed: echo and relay only answer without media')
    if (!options.hasTurn) tell('no TURN server is set: relay only accepts, and no media comes through')
    const media = (relayOnly: boolean) => (werift ? echoMedia(werift, { relayOnly }) : null)

    for (const line of [await open('echo', media(false)), await open('relayOnly', media(true))])
      line?.phone.on('incoming', accepts(tell))
    await open('silent')
    ;(await open('declines'))?.phone.on('incoming', declines)
    for (const line of [await open('twoDevices'), await open('twoDevices')])
      line?.phone.on('incoming', accepts(tell))
    const drops = await open('dropsSocket')
    drops?.phone.on('incoming', acceptsAndDrops(drops, dropForMs, tell))
    const vanishes = await open('vanishes')
    vanishes?.phone.on('incoming', acceptsAndDrops(vanishes, resumeWindowMs + dropForMs, tell))
    const busy = await open('busy')
    const partner = await open('busyPartner')
    if (busy && partner) await staysBusy(busy.phone, partner.phone, tell)
    return close
  } catch (error) {
    close()
    throw error
  }
}
