import type { UserRow, UsersView } from '@switchboard/protocol/admin'
import { Empty } from '../../parts/empty.js'
import { usePanel, useTexts } from '../state/panel.js'
import { pathWith, useLoaded } from '../state/use-loaded.js'
import { nameOf } from '../texts/name.js'
import { Filters } from '../ui/filters.js'
import { Link } from '../ui/link.js'
import { Moment } from '../ui/moment.js'
import { Page } from '../ui/page.js'
import { Pager } from '../ui/pager.js'
import { SearchField } from '../ui/search-field.js'
import { Shown } from '../ui/shown.js'
import { Table } from '../ui/table.js'
import { UserState } from '../ui/user-state.js'

/** Who is registered, by any part of a name, number or mail. */
export function Users() {
  const { route } = usePanel()
  const { users: t } = useTexts()
  const { query } = route.place.value
  const q = query.get('q')
  const loaded = useLoaded<UsersView>(pathWith('/users', { q, cursor: query.get('cursor') }))
  return (
    <Page title={t.title}>
      <Filters>
        <SearchField name="q" label={t.search} />
      </Filters>
      <Shown of={loaded}>
        {({ users, next }) => (
          <>
            <p class="unseen" role="status">
              {t.shown(users.length)}
            </p>
            {users.length === 0 && next !== null ? (
              <Empty icon="contacts" title={t.notYet} hint={t.notYetHint} />
            ) : users.length === 0 ? (
              <Empty
                icon="contacts"
                title={q === null ? t.empty : t.nothing}
                hint={q === null ? t.emptyHint : t.nothingHint}
              />
            ) : (
              <UserTable users={users} />
            )}
            <Pager next={next} />
          </>
        )}
      </Shown>
    </Page>
  )
}

function UserTable({ users }: { readonly users: readonly UserRow[] }) {
  const { users: t } = useTexts()
  return (
    <Table
      caption={t.title}
      rows={users}
      keyOf={({ id }) => id}
      columns={[
        {
          name: t.name,
          kind: 'main',
          cell: user => (
            <Link href={`/users/${user.id}`} class="row-link">
              {nameOf(user)}
            </Link>
          ),
        },
        { name: t.number, cell: ({ phoneNumber }) => <span class="digits">{phoneNumber}</span> },
        { name: t.email, kind: 'wide', cell: ({ email }) => email },
        { name: t.since, cell: ({ createdAt }) => <Moment at={createdAt} isDay /> },
        {
          name: t.state,
          cell: ({ isDisabled, present }) => (
            <UserState isDisabled={isDisabled} presence={present ? 'present' : 'away'} />
          ),
        },
      ]}
    />
  )
}
