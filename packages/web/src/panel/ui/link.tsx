import type { ComponentChildren } from 'preact'
import { usePanel } from '../state/panel.js'

export interface LinkProps {
  readonly href: string
  readonly children: ComponentChildren
  readonly class?: string
  readonly current?: boolean
}

/** A link of the panel: a click stays on the page, and everything else is the browser's. */
export function Link({ href, children, class: name, current }: LinkProps) {
  const { route } = usePanel()
  const clicked = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    route.go(href)
  }
  return (
    <a
      href={href}
      class={name ?? 'inline-link'}
      aria-current={current ? 'page' : undefined}
      onClick={clicked}
    >
      {children}
    </a>
  )
}
