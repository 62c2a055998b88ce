import { Icon } from '../parts/icon.js'
import { useApp } from '../state/app.js'
import { writeNumber } from '../state/number.js'
import { useAction } from './use-action.js'

/** The number that others call, to read out or to copy. */
export function OwnNumber() {
  const { people, texts, toast } = useApp()
  const t = texts.value.keypad
  const number = people.me.value?.phone_number ?? ''
  const act = useAction()
  return (
    <p class="own-number">
      <span>{t.yours}</span>
      <strong>{writeNumber(number)}</strong>
      {'clipboard' in navigator && (
        <button
          type="button"
          class="button round plain"
          aria-label={t.copy}
          onClick={() =>
            act(async () => {
              await navigator.clipboard.writeText(number)
              toast.value = t.copied
            })
          }
        >
          <Icon name="copy" />
        </button>
      )}
    </p>
  )
}
