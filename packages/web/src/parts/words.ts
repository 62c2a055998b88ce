import type { ReadonlySignal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { ErrorTexts } from '../texts/explain.js'

/** What the parts say themselves, in the language of whoever looks. */
export interface Words {
  readonly close: string
  readonly fields: {
    readonly required: string
    readonly number: string
    readonly email: string
    readonly passwordShort: string
    readonly showPassword: string
    readonly hidePassword: string
  }
  readonly errors: ErrorTexts
}

export const WordsContext = createContext<ReadonlySignal<Words> | undefined>(undefined)

export function useWords(): Words {
  const words = useContext(WordsContext)
  if (!words) throw new Error('a part stands where nobody gave it words')
  return words.value
}
