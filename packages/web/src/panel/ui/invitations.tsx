import type { InvitationView, Role } from '@switchboard/protocol/admin'
import { Dialog } from '../../parts/dialog.js'
import { Field, Form } from '../../parts/form.js'
import { usePanel, useTexts } from '../state/panel.js'
import { CopyButton } from './copy-button.js'
import { Moment } from './moment.js'
import { RoleChoice } from './role-choice.js'

/** A link to hand over, and for whom it is. */
export interface Invited extends InvitationView {
  readonly name: string
}

export interface InviteDialogProps {
  readonly onClose: () => void
  readonly onInvited: (invited: Invited) => void
}

export function InviteDialog({ onClose, onInvited }: InviteDialogProps) {
  const { api } = usePanel()
  const { administrators: t } = useTexts()
  return (
    <Dialog title={t.invite} onClose={onClose}>
      <p class="dialog-text">{t.inviteLead}</p>
      <Form
        submit={t.inviteSubmit}
        onSubmit={async ({ name: written = '', role }) => {
          const name = written.trim()
          onInvited({
            name,
            ...(await api.post<InvitationView>('/administrators', { name, role: role as Role })),
          })
        }}
      >
        <Field name="name" label={t.name} isFirst />
        <RoleChoice initial="operator" />
      </Form>
    </Dialog>
  )
}

/** The link is shown once, to whoever made it. */
export function LinkDialog({
  name,
  invitation,
  expiresAt,
  onClose,
}: Invited & { readonly onClose: () => void }) {
  const { administrators: t } = useTexts()
  const link = new URL(invitation, location.origin).href
  return (
    <Dialog title={t.linkTitle} onClose={onClose}>
      <p class="dialog-text">{t.linkLead(name)}</p>
      <p class="link-box">
        <code>{link}</code>
      </p>
      <p class="hint">
        {t.linkUntil} <Moment at={expiresAt} />
      </p>
      <div class="form-actions">
        <CopyButton text={link} />
        <button type="button" class="button small plain" onClick={onClose}>
          {t.done}
        </button>
      </div>
    </Dialog>
  )
}
