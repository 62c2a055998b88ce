import { useState } from 'preact/hooks'
import { Dialog } from '../../parts/dialog.js'
import { Field, Form } from '../../parts/form.js'
import { useApp } from '../../state/app.js'
import { useAction } from '../use-action.js'
import { usePhone } from '../use-phone.js'

/** Hands a file to the browser. */
function saveFile(name: string, content: object) {
  const url = URL.createObjectURL(
    new Blob([JSON.stringify(content, undefined, 2)], { type: 'application/json' }),
  )
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

export function Account() {
  const { session, texts, toast } = useApp()
  const { settings: t, welcome: w, cancel } = texts.value
  const { account } = usePhone()
  const act = useAction()
  const [asks, setAsks] = useState<'password' | 'delete'>()
  const close = () => setAsks(undefined)
  const beside = (
    <button type="button" class="button plain" onClick={close}>
      {cancel}
    </button>
  )
  return (
    <div class="actions">
      <button type="button" class="action" onClick={() => setAsks('password')}>
        {t.changePassword}
      </button>
      <button
        type="button"
        class="action"
        onClick={() => act(async () => saveFile('switchboard.json', await account.export()))}
      >
        {t.export}
      </button>
      <button type="button" class="action" onClick={() => act(() => session.logOut(false))}>
        {t.logOut}
      </button>
      <button type="button" class="action" onClick={() => act(() => session.logOut(true))}>
        {t.logOutEverywhere}
      </button>
      <button type="button" class="action dangerous" onClick={() => setAsks('delete')}>
        {t.delete}
      </button>
      {asks === 'password' && (
        <Dialog title={t.changePassword} onClose={close}>
          <Form
            submit={t.changePassword}
            beside={beside}
            onSubmit={async ({ current = '', next = '' }) => {
              await account.changePassword(current, next)
              toast.value = t.passwordChanged
              close()
            }}
          >
            <Field name="current" label={t.currentPassword} kind="password" isFirst />
            <Field name="next" label={w.newPassword} hint={w.passwordHint} kind="new-password" />
          </Form>
        </Dialog>
      )}
      {asks === 'delete' && (
        <Dialog title={t.delete} onClose={close} isAlert>
          <p class="dialog-text">{t.deleteHint}</p>
          <Form
            submit={t.deleteNow}
            isDangerous
            beside={beside}
            onSubmit={({ password = '' }) => session.deleteAccount(password)}
          >
            <Field name="password" label={w.password} kind="password" isFirst />
          </Form>
        </Dialog>
      )}
    </div>
  )
}
