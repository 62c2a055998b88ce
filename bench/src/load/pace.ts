/**
 * Does something at a fixed rate, whatever comes of it: `act` is told when it was due, and what it measures counts from
 * then, not from when it was let (coordinated omission). Sleeps until shortly before, then waits awake: a timer alone
 * is late by up to a millisecond, which would be measured as the server's.
 */
export function pace(perSecond: number, ms: number, act: (due: number) => void): Promise<void> {
  const awakeMs = 1.5
  const start = performance.now()
  const count = Math.max(1, Math.floor((perSecond * ms) / 1_000))
  const dueAt = (n: number) => start + (n * 1_000) / perSecond
  let n = 0
  return new Promise(resolve => {
    const step = () => {
      const now = performance.now()
      while (n < count && dueAt(n) <= now) act(dueAt(n++))
      if (n >= count) return resolve()
      const left = dueAt(n) - performance.now()
      if (left > awakeMs + 1) setTimeout(step, left - awakeMs)
      else setImmediate(step)
    }
    step()
  })
}
