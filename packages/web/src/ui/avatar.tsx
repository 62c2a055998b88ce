import { useApp } from '../state/app.js'
import type { Presence } from '../state/people.js'

const hues = 6

/** The same colour for the same number, here and on every device. */
const hueOf = (number: string) => [...number].reduce((sum, digit) => sum + digit.charCodeAt(0), 0) % hues

const initialsOf = (name: string) =>
  name
    .split(/\s+/)
    .filter(word => /\p{L}/u.test(word))
    .map(word => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toLocaleUpperCase()

export interface AvatarProps {
  readonly number: string
  readonly name?: string
  readonly size?: 'small' | 'large'
  readonly presence?: Presence | undefined
}

/** A jack of the switchboard, with somebody's initials in it. */
export function Avatar({ number, name, size = 'small', presence }: AvatarProps) {
  const { people } = useApp()
  const initials = initialsOf(name ?? people.nameOf(number))
  return (
    <span class={`avatar ${size} hue-${hueOf(number)}`} aria-hidden="true">
      <span class="initials">{initials === '' ? '#' : initials}</span>
      {presence && <span class={`presence ${presence}`} />}
    </span>
  )
}
