import { effect, type Signal, signal } from '@preact/signals'
import { type Language, languageOf } from '../texts/texts.js'

export type Theme = 'auto' | 'light' | 'dark'

/** What somebody chose on this device. Stays here; nothing of it is about a person. */
export interface Preferences {
  readonly language: Signal<Language>
  readonly theme: Signal<Theme>
  readonly microphone: Signal<string>
  readonly camera: Signal<string>
  readonly speaker: Signal<string>
  readonly rings: Signal<boolean>
  /** All calls through the relay: nobody learns this device's address. */
  readonly relayOnly: Signal<boolean>
  /** The prompt about notifications was answered. */
  readonly alertsAsked: Signal<boolean>
  /** When the history was last looked at. */
  readonly seenUntil: Signal<string>
}

export function createPreferences(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  languages: readonly string[],
): Preferences {
  function kept<T extends string | boolean>(name: string, initial: T): Signal<T> {
    const key = `switchboard.${name}`
    const value = signal(read())
    effect(() => {
      storage.setItem(key, JSON.stringify(value.value))
    })
    return value

    function read(): T {
      try {
        const found: unknown = JSON.parse(storage.getItem(key) ?? 'null')
        return typeof found === typeof initial ? (found as T) : initial
      } catch {
        return initial
      }
    }
  }
  return {
    language: kept<Language>('language', languageOf(languages)),
    theme: kept<Theme>('theme', 'auto'),
    microphone: kept('microphone', ''),
    camera: kept('camera', ''),
    speaker: kept('speaker', ''),
    rings: kept('rings', true),
    relayOnly: kept('relay-only', false),
    alertsAsked: kept('alerts-asked', false),
    seenUntil: kept('seen-until', ''),
  }
}
