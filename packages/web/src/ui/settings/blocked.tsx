import { useState } from 'preact/hooks'
import { Dialog } from '../../parts/dialog.js'
import { Field, Form } from '../../parts/form.js'
import { useApp } from '../../state/app.js'
import { useAction } from '../use-action.js'

export function Blocked() {
  const { people, texts, toast } = useApp()
  const { settings: t, person, welcome, cancel } = texts.value
  const [isBlocking, setBlocking] = useState(false)
  const act = useAction()
  const close = () => setBlocking(false)
  const numbers = people.blocked.value
  return (
    <>
      {numbers.length === 0 ? (
        <p class="hint">{t.noneBlocked}</p>
      ) : (
        <ul class="rows">
          {numbers.map(number => (
            <li key={number} class="row compact">
              <span class="row-main still">{people.nameOf(number)}</span>
              <button
                type="button"
                class="button small plain"
                aria-label={`${person.unblock}: ${people.nameOf(number)}`}
                onClick={() => act(() => people.unblock(number))}
              >
                {person.unblock}
              </button>
            </li>
          ))}
        </ul>
      )}
      <button type="button" class="button small tinted" onClick={() => setBlocking(true)}>
        {t.blockNumber}
      </button>
      {isBlocking && (
        <Dialog title={t.blockNumber} onClose={close}>
          <Form
            submit={person.block}
            isDangerous
            beside={
              <button type="button" class="button plain" onClick={close}>
                {cancel}
              </button>
            }
            onSubmit={async ({ number = '' }) => {
              await people.block(number.trim())
              toast.value = person.blocked(people.nameOf(number.trim()))
              close()
            }}
          >
            <Field name="number" label={welcome.number} kind="number" isFirst />
          </Form>
        </Dialog>
      )}
    </>
  )
}
