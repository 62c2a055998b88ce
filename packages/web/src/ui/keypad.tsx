import { useRef, useState } from 'preact/hooks'
import { Icon } from '../parts/icon.js'
import { useApp } from '../state/app.js'
import { isNumber } from '../state/number.js'
import { Keys } from './keys.js'
import { OwnNumber } from './own-number.js'

export function Keypad() {
  const { people, lines, texts } = useApp()
  const { keypad: t, person } = texts.value
  const [number, setNumber] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const canCall = isNumber(number) && !lines.isBusy.value
  const dial = (video: boolean) => canCall && lines.dial(number.trim(), video)
  const known = people.contact(number.replaceAll(/[^\d+]/g, ''))
  return (
    <section class="view keypad">
      <header class="view-head">
        <h1>{t.title}</h1>
      </header>
      <OwnNumber />
      <form
        class="dial"
        onSubmit={event => {
          event.preventDefault()
          dial(false)
        }}
      >
        <div class="dial-display">
          <input
            ref={input}
            type="tel"
            inputMode="none"
            autoComplete="off"
            aria-label={t.number}
            value={number}
            onInput={({ currentTarget }) => setNumber(currentTarget.value)}
          />
          <p class="dial-name">{known?.username ?? ''}</p>
        </div>
        <Keys onKey={key => setNumber(number + key)} hasPlus />
        <div class="dial-actions">
          <button
            type="button"
            class="button round big tinted"
            aria-label={person.video}
            disabled={!canCall}
            onClick={() => dial(true)}
          >
            <Icon name="video" />
          </button>
          <button type="submit" class="button round big call" aria-label={person.call} disabled={!canCall}>
            <Icon name="call" />
          </button>
          <button
            type="button"
            class="button round big plain"
            aria-label={t.delete}
            disabled={number === ''}
            onClick={() => {
              setNumber(number.slice(0, -1))
              input.current?.focus()
            }}
          >
            <Icon name="delete" />
          </button>
        </div>
      </form>
    </section>
  )
}
