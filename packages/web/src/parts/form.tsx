import { type ComponentChildren, createContext } from 'preact'
import { useContext, useId, useRef, useState } from 'preact/hooks'
import { isNumber } from '../state/number.js'
import { explain } from '../texts/explain.js'
import { useWords, type Words } from './words.js'

type Faults = Readonly<Record<string, string>>
const FaultsContext = createContext<Faults>({})

export type Values = Readonly<Record<string, string>>

/** What is wrong with a field, before the server is asked. */
function faultOf({ value, dataset, required }: HTMLInputElement, { fields }: Words): string | undefined {
  if (value.trim() === '') return required ? fields.required : undefined
  if (dataset.kind === 'number' && !isNumber(value)) return fields.number
  if (dataset.kind === 'email' && !/^\S+@\S+$/.test(value.trim())) return fields.email
  if (dataset.kind === 'new-password' && [...value].length < 8) return fields.passwordShort
  return undefined
}

export interface FormProps {
  readonly submit: string
  readonly children: ComponentChildren
  /** Its error is shown in words. */
  readonly onSubmit: (values: Values) => Promise<unknown>
  readonly isDangerous?: boolean
  readonly beside?: ComponentChildren
}

export function Form({ submit, children, onSubmit, isDangerous = false, beside }: FormProps) {
  const t = useWords()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [faults, setFaults] = useState<Faults>({})

  async function send(event: Event) {
    event.preventDefault()
    if (isBusy) return
    const form = event.currentTarget as HTMLFormElement
    const inputs = [...form.elements].filter(each => each instanceof HTMLInputElement && each.name !== '')
    const wrong = (inputs as HTMLInputElement[]).flatMap(input => {
      const fault = faultOf(input, t)
      return fault === undefined ? [] : [{ input, fault }]
    })
    setFaults(Object.fromEntries(wrong.map(({ input, fault }) => [input.name, fault])))
    setError(undefined)
    if (wrong[0]) return wrong[0].input.focus()
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))
    setBusy(true)
    try {
      await onSubmit(values)
    } catch (thrown) {
      setError(thrown ?? new Error())
    } finally {
      setBusy(false)
    }
  }

  return (
    <form class="form" noValidate onSubmit={event => void send(event)}>
      <FaultsContext.Provider value={faults}>{children}</FaultsContext.Provider>
      <p class="form-error" role="alert">
        {error === undefined ? '' : explain(error, t)}
      </p>
      <div class="form-actions">
        <button type="submit" class={`button ${isDangerous ? 'danger' : 'primary'}`} aria-busy={isBusy}>
          {submit}
        </button>
        {beside}
      </div>
    </form>
  )
}

export interface FieldProps {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly kind?: 'text' | 'number' | 'email' | 'password' | 'new-password' | 'code'
  readonly value?: string | undefined
  /** Of kinds that do not say it themselves. */
  readonly autocomplete?: string
  readonly isOptional?: boolean
  readonly isFirst?: boolean
}

const inputs = {
  text: { type: 'text' },
  number: { type: 'tel', inputMode: 'tel' },
  email: { type: 'email', inputMode: 'email', autoCapitalize: 'none', autoComplete: 'username' },
  password: { type: 'password', autoComplete: 'current-password' },
  'new-password': { type: 'password', autoComplete: 'new-password' },
  code: { type: 'text', autoCapitalize: 'characters', autoComplete: 'one-time-code', spellcheck: false },
} as const

export function Field({
  name,
  label,
  hint,
  kind = 'text',
  value,
  autocomplete,
  isOptional,
  isFirst,
}: FieldProps) {
  const t = useWords()
  const fault = useContext(FaultsContext)[name]
  const [isShown, setShown] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  const isSecret = kind === 'password' || kind === 'new-password'
  const { type, ...more } = inputs[kind]
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="input-box">
        <input
          id={id}
          ref={input}
          name={name}
          autoComplete={autocomplete ?? 'off'}
          {...more}
          // The types of Preact have an element for each type of input, and no union of them.
          type={(isSecret && isShown ? 'text' : type) as 'text'}
          data-kind={kind}
          defaultValue={value}
          required={!isOptional}
          autofocus={isFirst}
          aria-invalid={fault !== undefined}
          aria-describedby={`${id}-hint`}
        />
        {isSecret && (
          <button type="button" class="reveal" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? t.fields.hidePassword : t.fields.showPassword}
          </button>
        )}
      </div>
      <p id={`${id}-hint`} class={fault === undefined ? 'hint' : 'hint fault'}>
        {fault ?? hint ?? ''}
      </p>
    </div>
  )
}
