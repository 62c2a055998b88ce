import type { NextStep, SecondFactor, SignInView } from '@switchboard/protocol/admin'
import { useState } from 'preact/hooks'
import { Field, Form } from '../../parts/form.js'
import { usePanel, useTexts } from '../state/panel.js'
import { canUsePasskeys, proveByPasskey } from '../state/passkeys.js'
import { useAction } from '../state/use-action.js'
import { Door } from '../ui/door.js'

export interface SignInProps {
  readonly next: NextStep
  readonly methods: readonly SecondFactor[]
}

/** The way in: a name and a password, and the second step where there is one. */
export function SignIn({ next, methods }: SignInProps) {
  const { session } = usePanel()
  const { signIn: t, welcome } = useTexts()
  const [second, setSecond] = useState(next === 'second_factor' ? methods : undefined)
  if (next === 'first_administrator') {
    return (
      <Door title={welcome.noAdministrator} lead={welcome.noAdministratorHint}>
        {null}
      </Door>
    )
  }
  const goOn = async (answer: SignInView) => {
    if (answer.next === 'done') await session.look()
    else setSecond(answer.methods)
  }
  if (second === undefined) {
    return (
      <Door title={t.title} lead={t.lead} news={session.hasEnded.value ? t.ended : undefined}>
        <Password onSigned={goOn} />
      </Door>
    )
  }
  return <Second methods={second} onSigned={goOn} onStartOver={() => setSecond(undefined)} />
}

type OnSigned = (answer: SignInView) => Promise<void>

function useProof(onSigned: OnSigned) {
  const { api } = usePanel()
  return async () => {
    const options = await api.post<object>('/sign_in/passkey/options')
    const response = await proveByPasskey(options)
    await onSigned(await api.post('/sign_in/passkey', { response }))
  }
}

function Password({ onSigned }: { readonly onSigned: OnSigned }) {
  const { api } = usePanel()
  const { signIn: t } = useTexts()
  const { isBusy, run } = useAction()
  const prove = useProof(onSigned)
  return (
    <>
      <Form
        submit={t.submit}
        onSubmit={async ({ name = '', password = '' }) =>
          onSigned(await api.post('/sign_in', { name: name.trim(), password }))
        }
      >
        <Field name="name" label={t.name} autocomplete="username" isFirst />
        <Field name="password" label={t.password} kind="password" />
      </Form>
      {canUsePasskeys && (
        <button type="button" class="button wide tinted" aria-busy={isBusy} onClick={() => run(prove)}>
          {t.byPasskey}
        </button>
      )}
    </>
  )
}

interface SecondProps {
  readonly methods: readonly SecondFactor[]
  readonly onSigned: OnSigned
  readonly onStartOver: () => void
}

function Second({ methods, onSigned, onStartOver }: SecondProps) {
  const { api } = usePanel()
  const { signIn: t } = useTexts()
  const { isBusy, run } = useAction()
  const prove = useProof(onSigned)
  const usable = methods.filter(each => each !== 'passkey' || canUsePasskeys)
  const [method, setMethod] = useState<SecondFactor>(usable[0] ?? 'recovery_code')
  const leads = { totp: t.totpLead, passkey: t.passkeyLead, recovery_code: t.recoveryLead }
  return (
    <Door title={t.second} lead={leads[method]}>
      {method === 'passkey' ? (
        <button type="button" class="button primary" aria-busy={isBusy} onClick={() => run(prove)}>
          {t.usePasskey}
        </button>
      ) : (
        <Form
          key={method}
          submit={t.confirm}
          onSubmit={async ({ code = '' }) =>
            onSigned(await api.post(`/sign_in/${method}`, { code: code.replaceAll(/\s/g, '') }))
          }
        >
          <Field name="code" label={method === 'totp' ? t.totp : t.recovery} kind="code" isFirst />
        </Form>
      )}
      <div class="ways">
        {usable
          .filter(each => each !== method)
          .map(each => (
            <button key={each} type="button" class="link" onClick={() => setMethod(each)}>
              {t.instead[each]}
            </button>
          ))}
        <button type="button" class="link" onClick={onStartOver}>
          {t.startOver}
        </button>
      </div>
    </Door>
  )
}
