import type { RecoveryCodesView, TotpView } from '@switchboard/protocol/admin'
import { useState } from 'preact/hooks'
import { Field, Form } from '../../parts/form.js'
import { usePanel, useTexts } from '../state/panel.js'
import { CopyButton } from './copy-button.js'

type Step =
  | { readonly is: 'password' }
  | { readonly is: 'scan'; readonly totp: TotpView }
  | { readonly is: 'codes'; readonly codes: readonly string[] }

/** An authenticator app, step by step: the password, the picture to scan, the codes to keep. */
export function TotpSetUp({ onDone }: { readonly onDone: () => void }) {
  const { api } = usePanel()
  const { secondFactor: t } = useTexts()
  const [step, setStep] = useState<Step>({ is: 'password' })
  if (step.is === 'password') {
    return (
      <Form
        key="password"
        submit={t.next}
        onSubmit={async ({ password = '' }) =>
          setStep({ is: 'scan', totp: await api.post<TotpView>('/own/totp', { password }) })
        }
      >
        <p class="hint">{t.passwordLead}</p>
        <Field name="password" label={t.password} kind="password" isFirst />
      </Form>
    )
  }
  if (step.is === 'codes') return <RecoveryCodes codes={step.codes} onKept={onDone} />
  const { secret, qrSvg } = step.totp
  return (
    <>
      <p class="dialog-text">{t.scan}</p>
      <img class="qr" alt={t.qr} src={`data:image/svg+xml,${encodeURIComponent(qrSvg)}`} />
      <p class="hint by-hand">
        {t.byHand} <code class="secret">{secret.replaceAll(/.{4}(?=.)/g, '$& ')}</code>
      </p>
      <Form
        key="code"
        submit={t.confirm}
        onSubmit={async ({ code = '' }) => {
          const { recoveryCodes } = await api.post<RecoveryCodesView>('/own/totp/confirm', {
            code: code.replaceAll(/\s/g, ''),
          })
          setStep({ is: 'codes', codes: recoveryCodes })
        }}
      >
        <Field name="code" label={t.code} kind="code" isFirst />
      </Form>
    </>
  )
}

export interface RecoveryCodesProps {
  readonly codes: readonly string[]
  readonly onKept: () => void
}

/** Shown once. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const { secondFactor: t } = useTexts()
  return (
    <>
      <h3>{t.codesTitle}</h3>
      <p class="dialog-text">{t.codesLead}</p>
      <ul class="codes">
        {codes.map(code => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div class="form-actions">
        <button type="button" class="button primary" onClick={onKept}>
          {t.kept}
        </button>
        <CopyButton text={codes.join('\n')} label={t.copyCodes} />
      </div>
    </>
  )
}
