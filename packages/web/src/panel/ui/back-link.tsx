import type { ComponentChildren } from 'preact'
import { Icon } from '../../parts/icon.js'
import { Link } from './link.js'

/** To the list that a page is one of. */
export function BackLink({
  href,
  children,
}: {
  readonly href: string
  readonly children: ComponentChildren
}) {
  return (
    <Link href={href} class="back-link">
      <Icon name="back" />
      {children}
    </Link>
  )
}
