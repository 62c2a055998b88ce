import type { RecoveryCodesView } from '@switchboard/protocol/admin'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Dialog } from '../../parts/dialog.js'
import { Field, Form } from '../../parts/form.js'
import { LanguageChoice } from '../../parts/language-choice.js'
import { usePanel, useSession, useTexts } from '../state/panel.js'
import { canUsePasskeys } from '../state/passkeys.js'
import { Facts } from '../ui/facts.js'
import { Moment } from '../ui/moment.js'
import { Page } from '../ui/page.js'
import { PasskeySetUp } from '../ui/passkey-set-up.js'
import { Section } from '../ui/section.js'
import { Tag } from '../ui/tag.js'
import { RecoveryCodes, TotpSetUp } from '../ui/totp-set-up.js'

type Opened =
  | { readonly is: 'totp' | 'remove-totp' | 'new-codes' | 'passkey' }
  | { readonly is: 'codes'; readonly codes: readonly string[] }
  | { readonly is: 'remove-passkey'; readonly id: string; readonly name: string }

/** What somebody may change about their own way in. */
export function Account() {
  const { language: choice } = usePanel()
  const { account: t, roles, language } = useTexts()
  const { administrator, expiresAt } = useSession()
  return (
    <Page title={t.title}>
      <div class="two-columns even">
        <div class="column">
          <Section title={administrator.name}>
            <Facts
              facts={[
                [t.role, roles[administrator.role]],
                [t.expires, <Moment at={expiresAt} />],
              ]}
            />
            <LanguageChoice label={language} language={choice} />
          </Section>
          <Password />
        </div>
        <div class="column">
          <SecondFactors />
        </div>
      </div>
    </Page>
  )
}

function Password() {
  const { api, toast, session } = usePanel()
  const { account: t, welcome } = useTexts()
  const [round, setRound] = useState(0)
  return (
    <Section title={t.changePassword} beside={<p class="hint">{t.changePasswordLead}</p>}>
      <Form
        key={round}
        submit={t.changePassword}
        onSubmit={async ({ password = '', newPassword = '' }) => {
          await api.post('/own/password', { password, newPassword })
          toast.value = t.changed
          setRound(round + 1)
          await session.look()
        }}
      >
        <Field name="password" label={t.current} kind="password" />
        <Field name="newPassword" label={t.next} kind="new-password" hint={welcome.passwordHint} />
      </Form>
    </Section>
  )
}

function SecondFactors() {
  const { session } = usePanel()
  const { secondFactor: t, account } = useTexts()
  const { totp, recoveryCodesLeft, passkeys } = useSession().secondFactors
  const [opened, setOpened] = useState<Opened>()
  const closed = () => {
    setOpened(undefined)
    void session.look()
  }
  return (
    <>
      <Section
        title={t.app}
        beside={<Tag tone={totp ? 'good' : 'quiet'}>{totp ? account.on : account.off}</Tag>}
      >
        <p class="hint">{t.appHint}</p>
        <div class="form-actions">
          <Opener onOpen={() => setOpened({ is: 'totp' })}>{totp ? t.replace : t.begin}</Opener>
          {totp && <Opener onOpen={() => setOpened({ is: 'remove-totp' })}>{t.remove}</Opener>}
        </div>
        {totp && (
          <div class="apart">
            <Facts facts={[[t.codes, t.codesLeft(recoveryCodesLeft)]]} />
            <div class="form-actions">
              <Opener onOpen={() => setOpened({ is: 'new-codes' })}>{t.newCodes}</Opener>
            </div>
          </div>
        )}
      </Section>
      <Section title={t.passkey}>
        <p class="hint">{canUsePasskeys ? t.passkeyHint : t.noPasskeys}</p>
        <ul class="passkeys">
          {passkeys.map(({ id, name, lastUsedAt }) => (
            <li key={id}>
              <span>
                <b>{name}</b>
                <span class="hint block">
                  {lastUsedAt === null ? t.never : t.lastUsed}{' '}
                  {lastUsedAt !== null && <Moment at={lastUsedAt} />}
                </span>
              </span>
              <Opener
                label={t.removePasskey(name)}
                onOpen={() => setOpened({ is: 'remove-passkey', id, name })}
              >
                {t.remove}
              </Opener>
            </li>
          ))}
        </ul>
        {canUsePasskeys && (
          <div class="form-actions">
            <Opener onOpen={() => setOpened({ is: 'passkey' })}>{t.addPasskey}</Opener>
          </div>
        )}
      </Section>
      {opened && <OpenedDialog opened={opened} onOpen={setOpened} onClose={closed} />}
    </>
  )
}

interface OpenerProps {
  readonly onOpen: () => void
  readonly label?: string
  readonly children: ComponentChildren
}

function Opener({ onOpen, label, children }: OpenerProps) {
  return (
    <button type="button" class="button small tinted" aria-label={label} onClick={onOpen}>
      {children}
    </button>
  )
}

interface OpenedDialogProps {
  readonly opened: Opened
  readonly onOpen: (next: Opened) => void
  readonly onClose: () => void
}

function OpenedDialog({ opened, onOpen, onClose }: OpenedDialogProps) {
  const { api } = usePanel()
  const { secondFactor: t } = useTexts()
  switch (opened.is) {
    case 'totp':
      return (
        <Dialog title={t.app} onClose={onClose}>
          <TotpSetUp onDone={onClose} />
        </Dialog>
      )
    case 'passkey':
      return (
        <Dialog title={t.addPasskey} onClose={onClose}>
          <PasskeySetUp onDone={onClose} />
        </Dialog>
      )
    case 'codes':
      return (
        <Dialog title={t.codes} onClose={onClose}>
          <RecoveryCodes codes={opened.codes} onKept={onClose} />
        </Dialog>
      )
    case 'new-codes':
      return (
        <PasswordDialog
          title={t.newCodes}
          lead={t.newCodesLead}
          onClose={onClose}
          onPassword={async password => {
            const { recoveryCodes } = await api.post<RecoveryCodesView>('/own/recovery_codes', { password })
            onOpen({ is: 'codes', codes: recoveryCodes })
          }}
        />
      )
    case 'remove-totp':
      return (
        <PasswordDialog
          title={t.removeApp}
          lead={t.removeAppLead}
          isDangerous
          onClose={onClose}
          onPassword={async password => {
            await api.post('/own/totp/remove', { password })
            onClose()
          }}
        />
      )
    case 'remove-passkey':
      return (
        <PasswordDialog
          title={t.removePasskey(opened.name)}
          lead={t.removePasskeyLead}
          isDangerous
          onClose={onClose}
          onPassword={async password => {
            await api.post(`/own/passkeys/${encodeURIComponent(opened.id)}/remove`, { password })
            onClose()
          }}
        />
      )
  }
}

interface PasswordDialogProps {
  readonly title: string
  readonly lead: string
  readonly isDangerous?: boolean
  readonly onClose: () => void
  readonly onPassword: (password: string) => Promise<void>
}

function PasswordDialog({ title, lead, isDangerous = false, onClose, onPassword }: PasswordDialogProps) {
  const { secondFactor: t } = useTexts()
  return (
    <Dialog title={title} onClose={onClose}>
      <p class="dialog-text">{lead}</p>
      <Form submit={title} isDangerous={isDangerous} onSubmit={({ password = '' }) => onPassword(password)}>
        <Field name="password" label={t.password} kind="password" isFirst />
      </Form>
    </Dialog>
  )
}
