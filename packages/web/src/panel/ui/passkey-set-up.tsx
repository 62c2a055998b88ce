import { Field, Form } from '../../parts/form.js'
import { usePanel, useTexts } from '../state/panel.js'
import { makePasskey } from '../state/passkeys.js'

/** A passkey of this device, under a name. */
export function PasskeySetUp({ onDone }: { readonly onDone: () => void }) {
  const { api } = usePanel()
  const { secondFactor: t } = useTexts()
  return (
    <Form
      submit={t.addPasskey}
      onSubmit={async ({ name = '' }) => {
        const options = await api.post<object>('/own/passkeys/options')
        await api.post('/own/passkeys', { name: name.trim(), response: await makePasskey(options) })
        onDone()
      }}
    >
      <Field name="name" label={t.passkeyName} hint={t.passkeyNameHint} isFirst />
    </Form>
  )
}
