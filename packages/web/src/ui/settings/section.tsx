import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export interface SectionProps {
  readonly title: string
  readonly children: ComponentChildren
}

export function Section({ title, children }: SectionProps) {
  const id = useId()
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id} class="card-title">
        {title}
      </h2>
      {children}
    </section>
  )
}

export interface ToggleProps {
  readonly label: string
  readonly hint?: string
  readonly isOn: boolean
  readonly onChange: (on: boolean) => void
}

/** Something that is on or off, at once. */
export function Toggle({ label, hint, isOn, onChange }: ToggleProps) {
  const id = useId()
  return (
    <div class="toggle">
      <span class="toggle-text">
        <label for={id}>{label}</label>
        {hint !== undefined && (
          <span class="hint" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </span>
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={isOn}
        aria-checked={isOn}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    </div>
  )
}
