import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { usePanel, useTexts } from '../state/panel.js'

/** What narrows a list down. It stands in the address; another filter begins at the newest again. */
export function Filters({ children }: { readonly children: ComponentChildren }) {
  const t = useTexts()
  return (
    <search class="filters" aria-label={t.filter}>
      {children}
    </search>
  )
}

export interface ChoiceProps {
  readonly name: string
  readonly label: string
  readonly options: Readonly<Record<string, string>>
}

export function Choice({ name, label, options }: ChoiceProps) {
  const { route } = usePanel()
  const t = useTexts()
  const id = useId()
  return (
    <div class="filter">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={route.place.value.query.get(name) ?? ''}
        onChange={({ currentTarget }) => route.refine({ [name]: currentTarget.value, cursor: undefined })}
      >
        <option value="">{t.any}</option>
        {Object.entries(options).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}

export function ClearFilters({ names }: { readonly names: readonly string[] }) {
  const { route } = usePanel()
  const t = useTexts()
  if (!names.some(name => route.place.value.query.has(name))) return null
  const none = Object.fromEntries([...names, 'cursor'].map(name => [name, undefined]))
  return (
    <button type="button" class="button small plain" onClick={() => route.refine(none)}>
      {t.clear}
    </button>
  )
}
