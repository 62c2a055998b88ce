import { useState } from 'preact/hooks'
import { Dialog } from '../../parts/dialog.js'
import { Form } from '../../parts/form.js'
import { usePanel, useTexts } from '../state/panel.js'

export interface ActButtonProps {
  readonly label: string
  /** For the dialog, where the label alone says too little. */
  readonly title?: string
  readonly lead: string
  readonly confirm?: string
  readonly isDangerous?: boolean
  readonly path: string
  readonly said: string
  readonly onDone: () => void
  readonly kind?: string
}

/** An act that changes something for somebody: it says what, and is done when it was confirmed. */
export function ActButton({ label, title = label, lead, confirm = label, ...more }: ActButtonProps) {
  const { isDangerous = false, path, said, onDone, kind = 'button small tinted' } = more
  const { api, toast } = usePanel()
  const t = useTexts()
  const [isAsked, setAsked] = useState(false)
  const close = () => setAsked(false)
  return (
    <>
      <button type="button" class={kind} onClick={() => setAsked(true)}>
        {label}
      </button>
      {isAsked && (
        <Dialog title={title} onClose={close}>
          <p class="dialog-text">{lead}</p>
          <Form
            submit={confirm}
            isDangerous={isDangerous}
            onSubmit={async () => {
              await api.post(path)
              toast.value = said
              close()
              onDone()
            }}
            beside={
              <button type="button" class="button plain" onClick={close}>
                {t.cancel}
              </button>
            }
          >
            {null}
          </Form>
        </Dialog>
      )}
    </>
  )
}
