import { useId } from 'preact/hooks'
import { useApp } from '../../state/app.js'
import type { Theme } from '../../state/preferences.js'
import { LanguageChoice } from '../language-choice.js'

const themes: readonly Theme[] = ['auto', 'light', 'dark']

export function Appearance() {
  const { preferences, texts } = useApp()
  const t = texts.value.settings
  const id = useId()
  return (
    <div class="choices">
      <LanguageChoice />
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
