import { en } from './en.js'
import type { Texts } from './like.js'
import { sv } from './sv.js'

export const languages = { en: 'English', sv: 'Svenska' } as const
export type Language = keyof typeof languages

const all: Readonly<Record<Language, Texts>> = { en, sv }
export const textsOf = (language: Language): Texts => all[language] ?? en

/** The first of somebody's languages that there is. */
export function languageOf(wanted: readonly string[]): Language {
  for (const each of wanted) {
    const [language = ''] = each.toLowerCase().split('-')
    if (language in languages) return language as Language
  }
  return 'en'
}
