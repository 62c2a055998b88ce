import { useMemo } from 'preact/hooks'
import { createTones } from '../sound/tones.js'

const letters: Readonly<Record<string, string>> = {
  2: 'ABC',
  3: 'DEF',
  4: 'GHI',
  5: 'JKL',
  6: 'MNO',
  7: 'PQRS',
  8: 'TUV',
  9: 'WXYZ',
}

export interface KeysProps {
  readonly onKey: (key: string) => void
  /** For a number: a plus in the place of the star, no square. */
  readonly hasPlus?: boolean
}

/** Twelve keys that sound as they should. */
export function Keys({ onKey, hasPlus = false }: KeysProps) {
  const tones = useMemo(createTones, [])
  const last = hasPlus ? ['+', '0', '-'] : ['*', '0', '#']
  return (
    <div class="keys">
      {['1', '2', '3', '4', '5', '6', '7', '8', '9', ...last].map(key => (
        <button
          key={key}
          type="button"
          class="key"
          aria-label={key}
          onClick={() => {
            tones.key(key)
            onKey(key)
          }}
        >
          <span class="key-digit" aria-hidden="true">
            {key}
          </span>
          <span class="key-letters" aria-hidden="true" data-letters={letters[key] ?? ''} />
        </button>
      ))}
    </div>
  )
}
