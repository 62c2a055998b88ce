import type { ComponentChildren } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { useTexts } from '../state/panel.js'

export interface PageProps {
  readonly title: string
  readonly lead?: string | undefined
  readonly above?: ComponentChildren
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}

/** One page: its heading takes the focus when somebody goes there, so that it is read out first. */
export function Page({ title, lead, above, actions, children }: PageProps) {
  const { product } = useTexts()
  useLayoutEffect(() => {
    document.title = `${title} · ${product}`
  }, [title, product])
  return (
    <div class="page">
      {above}
      <header class="page-head">
        <div class="page-title">
          <h1 tabIndex={-1} data-focus>
            {title}
          </h1>
          {lead !== undefined && <p class="hint">{lead}</p>}
        </div>
        {actions && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  )
}
