import { duration } from '../../texts/moments.js'
import type { PanelTexts } from './like.js'

/** Numbers as people read them. */
export function figuresIn({ locale, none }: Pick<PanelTexts, 'locale' | 'none'>) {
  const whole = (value: number) => Math.round(value).toLocaleString(locale)
  return {
    whole,
    /** One decimal while it says something. */
    rate: (value: number) => value.toLocaleString(locale, { maximumFractionDigits: value < 10 ? 1 : 0 }),
    share: (value: number | null) =>
      value === null ? none : value.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 0 }),
    milliseconds: (value: number) =>
      `${value.toLocaleString(locale, { maximumFractionDigits: value < 10 ? 1 : 0 })} ms`,
    seconds: (value: number) =>
      value < 1
        ? `${whole(value * 1_000)} ms`
        : `${value.toLocaleString(locale, { maximumFractionDigits: 1 })} s`,
    bytes: (value: number) => `${whole(value / 1_048_576)} MB`,
    lasted: (seconds: number | null) => (seconds === null ? none : duration(seconds * 1_000)),
  }
}
