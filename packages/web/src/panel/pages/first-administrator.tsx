import { Field, Form } from '../../parts/form.js'
import { useLinkToken } from '../state/link-token.js'
import { usePanel, useTexts } from '../state/panel.js'
import { Door } from '../ui/door.js'

/** Whoever has the link that the server printed makes the first account. */
export function FirstAdministrator() {
  const { api, session, route } = usePanel()
  const { welcome: t } = useTexts()
  const token = useLinkToken()
  return (
    <Door title={t.title} lead={token === '' ? t.noToken : t.lead}>
      {token !== '' && (
        <Form
          submit={t.submit}
          onSubmit={async ({ name = '', password = '' }) => {
            await api.post('/first_administrator', { token, name: name.trim(), password })
            await session.look()
            route.go('/')
          }}
        >
          <Field name="name" label={t.name} hint={t.nameHint} autocomplete="username" isFirst />
          <Field name="password" label={t.password} hint={t.passwordHint} kind="new-password" />
        </Form>
      )}
    </Door>
  )
}
