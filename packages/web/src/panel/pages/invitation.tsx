import { Field, Form } from '../../parts/form.js'
import { useLinkToken } from '../state/link-token.js'
import { usePanel, useTexts } from '../state/panel.js'
import { Door } from '../ui/door.js'

/** Whoever was invited chooses a password. */
export function Invitation() {
  const { api, session, route } = usePanel()
  const { welcome: t } = useTexts()
  const token = useLinkToken()
  return (
    <Door title={t.invitation} lead={token === '' ? t.noToken : t.invitationLead}>
      {token !== '' && (
        <Form
          submit={t.accept}
          onSubmit={async ({ password = '' }) => {
            await api.post('/invitation', { token, password })
            await session.look()
            route.go('/')
          }}
        >
          <Field name="password" label={t.password} hint={t.passwordHint} kind="new-password" isFirst />
        </Form>
      )}
    </Door>
  )
}
