import { useTexts } from '../state/panel.js'

export interface MomentProps {
  readonly at: string | null | undefined
  readonly otherwise?: string
  /** To the millisecond. */
  readonly isExact?: boolean
  /** The day is enough. */
  readonly isDay?: boolean
}

/** An instant in the reader's own time: the time of today, otherwise the day as well. */
export function Moment({ at, otherwise, isExact = false, isDay = false }: MomentProps) {
  const t = useTexts()
  if (!at) return <span class="faint">{otherwise ?? t.none}</span>
  const date = new Date(at)
  const now = new Date()
  const isToday = date.toDateString() === now.toDateString()
  const isThisYear = date.getFullYear() === now.getFullYear()
  const text = date.toLocaleString(t.locale, {
    ...((isDay || !isToday) && { day: 'numeric', month: 'short' }),
    ...(!isThisYear && { year: 'numeric' }),
    ...(!isDay && { hour: '2-digit', minute: '2-digit' }),
    ...(!isDay && (isToday || isExact) && { second: '2-digit' }),
    ...(isExact && { fractionalSecondDigits: 3 as const }),
  })
  return (
    <time dateTime={at} title={date.toLocaleString(t.locale, { dateStyle: 'full', timeStyle: 'long' })}>
      {text}
    </time>
  )
}
