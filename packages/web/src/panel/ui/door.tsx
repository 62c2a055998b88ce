import type { ComponentChildren } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { Board, Mark } from '../../parts/brand.js'
import { LanguageChoice } from '../../parts/language-choice.js'
import { usePanel, useTexts } from '../state/panel.js'

export interface DoorProps {
  readonly title: string
  readonly lead?: string | undefined
  readonly news?: string | undefined
  readonly children: ComponentChildren
}

/** What somebody sees before they are in: the poster, and one thing to do. */
export function Door({ title, lead, news, children }: DoorProps) {
  const { language: choice } = usePanel()
  const { product, panel, tagline, language } = useTexts()
  useLayoutEffect(() => {
    document.title = `${title} · ${product}`
    document.querySelector<HTMLElement>('.door-inner input, .door-inner button')?.focus()
  }, [title, product])
  return (
    <div class="welcome">
      <header class="poster">
        <p class="wordmark">
          <Mark />
          <span>
            {product} <span class="wordmark-more">{panel}</span>
          </span>
        </p>
        <p class="tagline">{tagline}</p>
        <Board />
      </header>
      <main class="door">
        <div class="door-inner">
          <h1>{title}</h1>
          <p class="news" role="status">
            {news}
          </p>
          {lead !== undefined && <p class="lead">{lead}</p>}
          {children}
        </div>
        <footer class="door-foot">
          <LanguageChoice label={language} language={choice} />
        </footer>
      </main>
    </div>
  )
}
