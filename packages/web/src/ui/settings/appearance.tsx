import { useId } from 'preact/hooks'
import { LanguageChoice } from '../../parts/language-choice.js'
import { useApp } from '../../state/app.js'
import type { Theme } from '../../state/preferences.js'

const themes: readonly Theme[] = ['auto', 'light', 'dark']

export function Appearance() {
  const { preferences, texts } = useApp()
  const t = texts.value.settings
  const id = useId()
  return (
    <div class="choices">
      <LanguageChoice label={texts.value.settings.language} language={preferences.language} />
      <div class="choice">
        <label for={id}>{t.theme}</label>
        <select
          id={id}
          value={preferences.theme.value}
          onChange={({ currentTarget }) => {
            preferences.theme.value = currentTarget.value as Theme
          }}
        >
          {themes.map(theme => (
            <option key={theme} value={theme}>
              {t.themes[theme]}
            </option>
          ))}
        </select>
      </div>
    </div>
  )
}
