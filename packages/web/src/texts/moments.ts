import type { Texts } from './like.js'

const dayMs = 86_400_000
const startOfDay = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()

/** Today, yesterday, or the date. */
export function dayOf(instant: string, { locale, recents }: Texts, now = new Date()): string {
  const at = new Date(instant)
  const daysAgo = Math.round((startOfDay(now) - startOfDay(at)) / dayMs)
  if (daysAgo === 0) return recents.today
  if (daysAgo === 1) return recents.yesterday
  const isThisYear = at.getFullYear() === now.getFullYear()
  return at.toLocaleDateString(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(!isThisYear && { year: 'numeric' }),
  })
}

export const timeOf = (instant: string, { locale }: Texts): string =>
  new Date(instant).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })

/** Minutes and seconds, and hours when there are some. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  const pad = (n: number) => String(n).padStart(2, '0')
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`
}

export const durationBetween = (from: string, to: string): string =>
  duration(Date.parse(to) - Date.parse(from))
