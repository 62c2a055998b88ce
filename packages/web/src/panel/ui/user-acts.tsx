import type { UserRow } from '@switchboard/protocol/admin'
import { useMay, usePanel, useTexts } from '../state/panel.js'
import { nameOf } from '../texts/name.js'
import { ActButton } from './act-button.js'
import { Section } from './section.js'

/** What may be done with a user, by whoever may. */
export function UserActs({ user, onDone }: { readonly user: UserRow; readonly onDone: () => void }) {
  const { route } = usePanel()
  const { user: t } = useTexts()
  const mayDelete = useMay('owner')
  const name = nameOf(user)
  const path = `/users/${user.id}`
  const kind = 'action'
  return (
    <Section title={t.acts}>
      <div class="actions">
        <ActButton
          label={t.logOut}
          lead={t.logOutLead(name)}
          said={t.loggedOut(name)}
          path={`${path}/log_out`}
          {...{ kind, onDone }}
        />
        <ActButton
          label={t.reset}
          lead={t.resetLead(name)}
          said={t.resetDone}
          path={`${path}/reset_password`}
          {...{ kind, onDone }}
        />
        {user.isDisabled ? (
          <ActButton
            label={t.enable}
            lead={t.enableLead(name)}
            said={t.enabled(name)}
            path={`${path}/enable`}
            {...{ kind, onDone }}
          />
        ) : (
          <ActButton
            label={t.disable}
            lead={t.disableLead(name)}
            said={t.disabled(name)}
            path={`${path}/disable`}
            isDangerous
            onDone={onDone}
            kind="action dangerous"
          />
        )}
        {mayDelete && (
          <ActButton
            label={t.delete}
            lead={t.deleteLead(name)}
            confirm={t.deleteConfirm}
            said={t.deleted(name)}
            path={`${path}/delete`}
            isDangerous
            onDone={() => route.go('/users')}
            kind="action dangerous"
          />
        )}
      </div>
    </Section>
  )
}
