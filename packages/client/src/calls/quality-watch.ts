import type { Environment } from '../environment.js'
import type { MediaStats } from '../media/media.js'
import { type Quality, qualityBetween } from '../media/quality.js'

const everyMs = 2_000

export interface QualityWatch {
  readonly isWanted: () => boolean
  readonly read: () => Promise<MediaStats | undefined>
  readonly tell: (quality: Quality) => void
}

/** Reads the counters of a call now and then, while somebody wants to know. */
export function watchQuality(environment: Environment, { isWanted, read, tell }: QualityWatch) {
  let before: MediaStats | undefined
  let stopped = false
  const next = () => environment.setTimer(() => void look(), everyMs)
  let timer = next()
  async function look() {
    const now = isWanted() ? await read().catch(() => undefined) : undefined
    if (stopped) return
    if (now) tell(qualityBetween(before, now))
    before = now
    timer = next()
  }
  return {
    stop() {
      stopped = true
      environment.clearTimer(timer)
    },
  }
}
