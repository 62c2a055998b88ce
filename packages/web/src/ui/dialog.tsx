import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { useApp } from '../state/app.js'
import { Icon } from './icon.js'

export interface DialogProps {
  readonly title: string
  readonly children: ComponentChildren
  /** Undefined: it asks for a decision, and Escape is none. */
  readonly onClose?: () => void
  readonly kind?: string
  readonly isAlert?: boolean
}

/** The browser's own modal dialog: it keeps the focus, and gives it back. */
export function Dialog({ title, children, onClose, kind = '', isAlert = false }: DialogProps) {
  const { texts } = useApp()
  const element = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const { current } = element
    current?.showModal()
    return () => current?.close()
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
      onCancel={cancelled}
    >
      <header class="dialog-head">
        <h2 id={heading}>{title}</h2>
        {onClose && (
          <button type="button" class="button round plain" aria-label={texts.value.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {children}
    </dialog>
  )
}
