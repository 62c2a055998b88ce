import { effect, type Signal, signal } from '@preact/signals'
import { type Language, languageOf, languages } from '../../texts/texts.js'

const key = 'switchboard.panel.language'

/** In which language somebody reads the panel: as chosen here, or as their browser asks. */
export function createLanguage({ localStorage, navigator, document }: Window): Signal<Language> {
  const kept = localStorage.getItem(key)
  const language = signal<Language>(
    kept !== null && kept in languages ? (kept as Language) : languageOf(navigator.languages),
  )
  effect(() => {
    document.documentElement.lang = language.value
    localStorage.setItem(key, language.value)
  })
  return language
}
