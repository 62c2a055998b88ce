import type { AdministratorRow, AdministratorsView } from '@switchboard/protocol/admin'
import { useState } from 'preact/hooks'
import { Icon } from '../../parts/icon.js'
import { useSession, useTexts } from '../state/panel.js'
import { useLoaded } from '../state/use-loaded.js'
import { ChangeAdministrator } from '../ui/change-administrator.js'
import { InviteDialog, type Invited, LinkDialog } from '../ui/invitations.js'
import { Moment } from '../ui/moment.js'
import { Page } from '../ui/page.js'
import { Shown } from '../ui/shown.js'
import { Table } from '../ui/table.js'
import { Tag } from '../ui/tag.js'

type Opened =
  | { readonly is: 'invite' }
  | { readonly is: 'link'; readonly invited: Invited }
  | { readonly is: 'change'; readonly id: string }

/** Who may use this panel, and as what. */
export function Administrators() {
  const { administrators: t } = useTexts()
  const loaded = useLoaded<AdministratorsView>('/administrators')
  const [opened, setOpened] = useState<Opened>()
  const close = () => setOpened(undefined)
  const show = (invited: Invited) => {
    loaded.reload()
    setOpened({ is: 'link', invited })
  }
  const changed =
    opened?.is === 'change' ? loaded.data?.administrators.find(({ id }) => id === opened.id) : undefined
  return (
    <Page
      title={t.title}
      actions={
        <button type="button" class="button small primary" onClick={() => setOpened({ is: 'invite' })}>
          <Icon name="add" />
          {t.invite}
        </button>
      }
    >
      <Shown of={loaded}>
        {({ administrators }) => (
          <AdministratorTable rows={administrators} onChange={id => setOpened({ is: 'change', id })} />
        )}
      </Shown>
      {opened?.is === 'invite' && <InviteDialog onClose={close} onInvited={show} />}
      {opened?.is === 'link' && <LinkDialog {...opened.invited} onClose={close} />}
      {changed && (
        <ChangeAdministrator
          administrator={changed}
          onClose={close}
          onChanged={loaded.reload}
          onInvited={show}
        />
      )}
    </Page>
  )
}

interface AdministratorTableProps {
  readonly rows: readonly AdministratorRow[]
  readonly onChange: (id: string) => void
}

function AdministratorTable({ rows, onChange }: AdministratorTableProps) {
  const { administrators: t, roles, yes, no } = useTexts()
  const { administrator } = useSession()
  return (
    <Table
      caption={t.title}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          name: t.name,
          kind: 'main',
          cell: ({ id, name }) => (
            <>
              {name} {id === administrator.id && <span class="hint">{t.you}</span>}
            </>
          ),
        },
        { name: t.role, cell: ({ role }) => roles[role] },
        { name: t.state, cell: row => <AdministratorState {...row} /> },
        { name: t.secondFactor, cell: ({ hasSecondFactor }) => (hasSecondFactor ? yes : no) },
        { name: t.lastSignIn, cell: ({ lastSignInAt }) => <Moment at={lastSignInAt} otherwise={t.never} /> },
        {
          name: t.change,
          kind: 'acts',
          cell: ({ id, name }) => (
            <button
              type="button"
              class="button small tinted"
              aria-label={t.changeOf(name)}
              onClick={() => onChange(id)}
            >
              {t.change}
            </button>
          ),
        },
      ]}
    />
  )
}

function AdministratorState({ isDisabled, isInvited }: AdministratorRow) {
  const { administrators: t } = useTexts()
  if (isDisabled) return <Tag tone="bad">{t.disabled}</Tag>
  return isInvited ? <Tag tone="busy">{t.invited}</Tag> : <Tag tone="good">{t.active}</Tag>
}
