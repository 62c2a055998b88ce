import type { ComponentChildren } from 'preact'
import { Icon } from '../parts/icon.js'
import { useApp } from '../state/app.js'

export interface CallButtonProps {
  readonly number: string
  readonly video?: boolean
  readonly look: 'call' | 'primary' | 'round plain'
  /** In words, where the button shows none. */
  readonly label?: string
  readonly children?: ComponentChildren
}

/** Calls somebody, unless a call goes on already. */
export function CallButton({ number, video = false, look, label, children }: CallButtonProps) {
  const { lines } = useApp()
  return (
    <button
      type="button"
      class={`button ${look}`}
      aria-label={label}
      disabled={lines.isBusy.value}
      onClick={() => lines.dial(number, video)}
    >
      <Icon name={video ? 'video' : 'call'} />
      {children}
    </button>
  )
}
