import { useId } from 'preact/hooks'
import { useApp } from '../state/app.js'
import { type Language, languages } from '../texts/texts.js'

export function LanguageChoice() {
  const { preferences, texts } = useApp()
  const id = useId()
  return (
    <div class="choice">
      <label for={id}>{texts.value.settings.language}</label>
      <select
        id={id}
        value={preferences.language.value}
        onChange={({ currentTarget }) => {
          preferences.language.value = currentTarget.value as Language
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
