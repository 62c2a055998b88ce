import { usePanel, useTexts } from '../state/panel.js'

/** On to what is older; the way back is the browser's, or at once to the newest. */
export function Pager({ next }: { readonly next: string | null }) {
  const { route } = usePanel()
  const t = useTexts()
  const isDeep = route.place.value.query.has('cursor')
  if (next === null && !isDeep) return null
  const turn = (cursor: string | undefined) => {
    route.refine({ cursor })
    document.querySelector<HTMLElement>('[data-focus]')?.focus()
  }
  return (
    <nav class="pager" aria-label={t.pages}>
      {isDeep && (
        <button type="button" class="button small plain" onClick={() => turn(undefined)}>
          {t.newest}
        </button>
      )}
      {next !== null && (
        <button type="button" class="button small tinted" onClick={() => turn(next)}>
          {t.older}
        </button>
      )}
    </nav>
  )
}
