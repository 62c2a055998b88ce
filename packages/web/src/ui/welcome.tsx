import { useState } from 'preact/hooks'
import { Board, Mark } from '../parts/brand.js'
import { Field, Form } from '../parts/form.js'
import { LanguageChoice } from '../parts/language-choice.js'
import { useApp } from '../state/app.js'

type Step = 'log-in' | 'register' | 'recover' | 'code'

/** The front page: log in, make an account, or get a new password. */
export function Welcome({ why }: { readonly why: string | undefined }) {
  const { session, texts, preferences } = useApp()
  const { welcome: t, outside, product, tagline, back } = texts.value
  const [step, setStep] = useState<Step>('log-in')
  const [email, setEmail] = useState('')
  const [news, setNews] = useState(
    why === undefined ? undefined : why === 'revoked' ? outside.revoked : outside.other,
  )
  const go = (next: Step, said?: string) => {
    setStep(next)
    setNews(said)
  }

  return (
    <div class="welcome">
      <header class="poster">
        <p class="wordmark">
          <Mark />
          {product}
        </p>
        <p class="tagline">{tagline}</p>
        <Board />
      </header>
      <main class="door">
        <div class="door-inner" key={step}>
          <h1>{step === 'log-in' ? t.logIn : step === 'register' ? t.register : t.recoverTitle}</h1>
          <p class="news" role="status">
            {news}
          </p>
          {step === 'log-in' && (
            <>
              <Form
                submit={t.logIn}
                onSubmit={({ email: address = '', password = '', stay }) =>
                  session.logIn(address.trim(), password, stay === 'yes')
                }
              >
                <Field name="email" label={t.email} kind="email" value={email} />
                <Field name="password" label={t.password} kind="password" />
                <label class="check">
                  <input type="checkbox" name="stay" value="yes" defaultChecked />
                  {t.stay}
                </label>
              </Form>
              <div class="ways">
                <button type="button" class="link" onClick={() => go('recover')}>
                  {t.forgot}
                </button>
                <button type="button" class="link" onClick={() => go('register')}>
                  {t.toRegister}
                </button>
              </div>
            </>
          )}
          {step === 'register' && (
            <>
              <Form
                submit={t.register}
                onSubmit={async ({
                  firstname = '',
                  lastname = '',
                  phone_number = '',
                  email: written = '',
                  password = '',
                }) => {
                  const address = written.trim()
                  await session.register({
                    firstname,
                    lastname,
                    phone_number: phone_number.trim(),
                    email: address,
                    password,
                  })
                  await session.logIn(address, password, true)
                }}
              >
                <div class="two">
                  <Field name="firstname" label={t.firstname} autocomplete="given-name" />
                  <Field name="lastname" label={t.lastname} autocomplete="family-name" />
                </div>
                <Field
                  name="phone_number"
                  label={t.number}
                  hint={t.numberHint}
                  kind="number"
                  autocomplete="tel"
                />
                <Field name="email" label={t.email} kind="email" />
                <Field name="password" label={t.password} hint={t.passwordHint} kind="new-password" />
              </Form>
              <button type="button" class="link" onClick={() => go('log-in')}>
                {t.toLogIn}
              </button>
            </>
          )}
          {step === 'recover' && (
            <>
              <p class="lead">{t.recoverIntro}</p>
              <Form
                submit={t.sendCode}
                onSubmit={async ({ email: written = '' }) => {
                  await session.requestCode(written.trim())
                  setEmail(written.trim())
                  go('code', t.codeSent(written.trim()))
                }}
              >
                <Field name="email" label={t.email} kind="email" value={email} />
              </Form>
              <button type="button" class="link" onClick={() => go('log-in')}>
                {back}
              </button>
            </>
          )}
          {step === 'code' && (
            <>
              <Form
                submit={t.setPassword}
                onSubmit={async ({ code = '', password = '' }) => {
                  await session.resetPassword(email, code.trim().toUpperCase(), password)
                  go('log-in', t.passwordSet)
                }}
              >
                <Field name="code" label={t.code} kind="code" />
                <Field name="password" label={t.newPassword} hint={t.passwordHint} kind="new-password" />
              </Form>
              <button type="button" class="link" onClick={() => go('recover')}>
                {back}
              </button>
            </>
          )}
        </div>
        <footer class="door-foot">
          <LanguageChoice label={texts.value.settings.language} language={preferences.language} />
        </footer>
      </main>
    </div>
  )
}
