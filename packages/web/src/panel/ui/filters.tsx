import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Icon } from '../../parts/icon.js'
import { usePanel, useTexts } from '../state/panel.js'

/** How long somebody stops typing before the server is asked. */
const pauseMs = 200

/** What narrows a list down. It stands in the address; another filter begins at the newest again. */
export function Filters({ children }: { readonly children: ComponentChildren }) {
  const t = useTexts()
  return (
    <search class="filters" aria-label={t.filter}>
      {children}
    </search>
  )
}

export function SearchField({ name, label }: { readonly name: string; readonly label: string }) {
  const { route } = usePanel()
  const inAddress = route.place.value.query.get(name) ?? ''
  const [text, setText] = useState(inAddress)
  const input = useRef<HTMLInputElement>(null)
  const written = useRef(inAddress)
  useEffect(() => {
    // Somebody went back: the field goes with the address.
    if (inAddress === written.current) return
    written.current = inAddress
    setText(inAddress)
  }, [inAddress])
  useEffect(() => {
    if (text.trim() === written.current) return
    const timer = setTimeout(() => {
      written.current = text.trim()
      route.refine({ [name]: text.trim(), cursor: undefined }, true)
    }, pauseMs)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <label class="search">
      <Icon name="search" />
      <span class="unseen">{label}</span>
      <input
        ref={input}
        type="search"
        value={text}
        placeholder={label}
        autoComplete="off"
        spellcheck={false}
        maxLength={100}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
    </label>
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

export function DayField({ name, label }: { readonly name: string; readonly label: string }) {
  const { route } = usePanel()
  const id = useId()
  return (
    <div class="filter">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="date"
        value={route.place.value.query.get(name) ?? ''}
        onChange={({ currentTarget }) => route.refine({ [name]: currentTarget.value, cursor: undefined })}
      />
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
