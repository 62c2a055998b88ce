import { Dialog } from '../../parts/dialog.js'
import { useApp } from '../../state/app.js'
import type { Failure } from '../../state/lines.js'
import { explain } from '../../texts/explain.js'

/** Why a call could not begin, in plain words, and the ways on. */
export function FailureDialog({ failure }: { readonly failure: Failure }) {
  const { lines, texts } = useApp()
  const { failure: t, tryAgain, close } = texts.value
  const dismiss = () => {
    lines.failure.value = undefined
  }
  const again = (video: boolean) => {
    dismiss()
    failure.again(video)
  }
  return (
    <Dialog title={t.title} onClose={dismiss} isAlert>
      <p class="dialog-text">{explain(failure.error, texts.value)}</p>
      <div class="form-actions">
        {failure.video && (
          <button type="button" class="button primary" onClick={() => again(false)}>
            {t.withoutCamera}
          </button>
        )}
        <button
          type="button"
          class={failure.video ? 'button plain' : 'button primary'}
          onClick={() => again(failure.video)}
        >
          {tryAgain}
        </button>
        <button type="button" class="button plain" onClick={dismiss}>
          {close}
        </button>
      </div>
    </Dialog>
  )
}
