import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export interface SectionProps {
  readonly title: string
  readonly beside?: ComponentChildren
  readonly children: ComponentChildren
}

/** A part of a page under a heading of its own. */
export function Section({ title, beside, children }: SectionProps) {
  const id = useId()
  return (
    <section class="section card" aria-labelledby={id}>
      <header class="section-head">
        <h2 id={id}>{title}</h2>
        {beside}
      </header>
      {children}
    </section>
  )
}
