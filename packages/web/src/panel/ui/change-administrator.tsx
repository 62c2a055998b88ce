import type { AdministratorRow, InvitationView, Role } from '@switchboard/protocol/admin'
import { useState } from 'preact/hooks'
import { Dialog } from '../../parts/dialog.js'
import { Form } from '../../parts/form.js'
import { usePanel, useTexts } from '../state/panel.js'
import type { Invited } from './invitations.js'
import { RoleChoice } from './role-choice.js'

export interface ChangeAdministratorProps {
  readonly administrator: AdministratorRow
  readonly onClose: () => void
  readonly onChanged: () => void
  readonly onInvited: (invited: Invited) => void
}

type Act = 'disable' | 'enable' | 'reset' | 'remove'

/** All that an owner can do about another administrator; each act says what it does before it is done. */
export function ChangeAdministrator(props: ChangeAdministratorProps) {
  const { administrator, onClose, onChanged, onInvited } = props
  const { id, name, role, isDisabled } = administrator
  const { api, toast } = usePanel()
  const { administrators: t, cancel } = useTexts()
  const [act, setAct] = useState<Act>()
  const path = `/administrators/${id}`
  const done = () => {
    toast.value = t.saved
    onClose()
    onChanged()
  }
  const leads = { disable: t.disableLead, enable: t.enableLead, reset: t.resetLead, remove: t.removeLead }
  const acts: readonly Act[] = [isDisabled ? 'enable' : 'disable', 'reset', 'remove']

  if (act !== undefined) {
    return (
      <Dialog key={act} title={`${t[act]}: ${name}`} onClose={onClose}>
        <p class="dialog-text">{leads[act](name)}</p>
        <Form
          submit={t[act]}
          isDangerous={act !== 'enable'}
          onSubmit={async () => {
            const answer = await api.post<InvitationView | undefined>(`${path}/${act}`)
            if (act === 'reset' && answer) onInvited({ ...answer, name })
            else done()
          }}
          beside={
            <button type="button" class="button plain" onClick={() => setAct(undefined)}>
              {cancel}
            </button>
          }
        >
          {null}
        </Form>
      </Dialog>
    )
  }
  return (
    <Dialog title={t.changeOf(name)} onClose={onClose}>
      <Form
        submit={t.roleSave}
        onSubmit={async values => {
          await api.post(`${path}/role`, { role: values.role as Role })
          done()
        }}
      >
        <RoleChoice initial={role} />
      </Form>
      <div class="actions apart">
        {acts.map(each => (
          <button
            key={each}
            type="button"
            class={`action${each === 'enable' ? '' : ' dangerous'}`}
            onClick={() => setAct(each)}
          >
            {t[each]}
          </button>
        ))}
      </div>
    </Dialog>
  )
}
