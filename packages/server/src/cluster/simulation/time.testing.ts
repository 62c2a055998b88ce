import type { Timers } from '../../clock.js'

/** Numbers by chance, the same for the same seed. */
export function chance(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    below: (most: number) => Math.floor(next() * most),
    between: (least: number, most: number) => least + next() * (most - least),
    is: (probability: number) => next() < probability,
    pick: <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)],
  }
}

export type Chance = ReturnType<typeof chance>

/** Time that passes when it is told to, and everything that happens in it, in order. */
export function virtualTime() {
  let now = 1_000
  let made = 0
  const due: { at: number; order: number; run: (() => void) | undefined }[] = []

  function after(ms: number, run: () => void): () => void {
    const entry: (typeof due)[number] = { at: now + Math.max(0, ms), order: ++made, run }
    let at = due.length
    while (at > 0 && isAfter(due[at - 1], entry)) at--
    due.splice(at, 0, entry)
    return () => {
      entry.run = undefined
    }
  }

  const isAfter = (a: (typeof due)[number] | undefined, b: (typeof due)[number]) =>
    a !== undefined && (a.at > b.at || (a.at === b.at && a.order > b.order))

  return {
    now: () => now,
    after,
    /** Lets so much time pass, and between any two events whatever their promises set off. */
    async pass(ms: number) {
      const until = now + ms
      await settle()
      for (let next = due[0]; next && next.at <= until; next = due[0]) {
        due.shift()
        now = Math.max(now, next.at)
        if (!next.run) continue
        next.run()
        await settle()
      }
      now = until
    },
  }
}

/** Everything that promises have to do now. */
async function settle() {
  // Longer than any chain of promises that one event sets off; setImmediate would do too, at ten times the price.
  for (let turn = 0; turn < 16; turn++) await undefined
}

export type VirtualTime = ReturnType<typeof virtualTime>

/** The timers of one process, which all stop when it dies and wait while it stands still. */
export function timersOf(time: VirtualTime): Timers & { die(): void; freeze(): void; thaw(): void } {
  let isDead = false
  let isFrozen = false
  let waiting: (() => void)[] = []
  return {
    after: (ms, run) => {
      let isCancelled = false
      const cancel = time.after(ms, () => {
        const go = () => {
          if (!isCancelled && !isDead) run()
        }
        if (isFrozen) waiting.push(go)
        else go()
      })
      return () => {
        isCancelled = true
        cancel()
      }
    },
    die() {
      isDead = true
    },
    freeze() {
      isFrozen = true
    },
    thaw() {
      isFrozen = false
      for (const go of waiting) go()
      waiting = []
    },
  }
}
