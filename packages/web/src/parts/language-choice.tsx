import type { Signal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { type Language, languages } from '../texts/texts.js'

export interface LanguageChoiceProps {
  readonly label: string
  readonly language: Signal<Language>
}

export function LanguageChoice({ label, language }: LanguageChoiceProps) {
  const id = useId()
  return (
    <div class="choice">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={language.value}
        onChange={({ currentTarget }) => {
          language.value = currentTarget.value as Language
        }}
      >
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}
