import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from './icon.js'
import { useWords } from './words.js'

export interface DialogProps {
  readonly title: string
  readonly children: ComponentChildren
  /** Undefined: it asks for a decision, and Escape is none. */
  readonly onClose?: () => void
  readonly kind?: string
  readonly isAlert?: boolean
}

/** The browser's own modal dialog: it keeps the focus inside. */
export function Dialog({ title, children, onClose, kind = '', isAlert = false }: DialogProps) {
  const { close } = useWords()
  const element = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useLayoutEffect(() => {
    const { current } = element
    const before = document.activeElement
    current?.showModal()
    // Whoever was typing does not decide by the next key.
    if (!onClose) current?.focus()
    return () => {
      current?.close()
      // A dialog that is taken out of the page gives no focus back by itself.
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  const cancelled = (event: Event) => {
    event.preventDefault()
    onClose?.()
  }
  return (
    <dialog
      ref={element}
      class={`dialog ${kind}`}
      role={isAlert ? 'alertdialog' : undefined}
      aria-labelledby={heading}
      tabIndex={-1}
      onCancel={cancelled}
    >
      <header class="dialog-head">
        <h2 id={heading}>{title}</h2>
        {onClose && (
          <button type="button" class="button round plain" aria-label={close} onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {children}
    </dialog>
  )
}
