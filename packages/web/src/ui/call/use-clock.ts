import { useEffect, useState } from 'preact/hooks'
import { duration } from '../../texts/moments.js'

/** How long it is since then, told every second while it runs. */
export function useClock(since: number | undefined, runs: boolean): string | undefined {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (since === undefined || !runs) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [since, runs])
  return since === undefined ? undefined : duration(now - since)
}
