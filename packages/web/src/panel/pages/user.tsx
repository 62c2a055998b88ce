import { useMay, useTexts } from '../state/panel.js'
import { useLoaded } from '../state/use-loaded.js'
import type { UserView } from '../state/views.js'
import { nameOf, textOf } from '../texts/name.js'
import { BackLink } from '../ui/back-link.js'
import { CallTable } from '../ui/call-table.js'
import { Facts } from '../ui/facts.js'
import { Link } from '../ui/link.js'
import { Moment } from '../ui/moment.js'
import { Page } from '../ui/page.js'
import { Section } from '../ui/section.js'
import { Shown } from '../ui/shown.js'
import { Table } from '../ui/table.js'
import { UserActs } from '../ui/user-acts.js'
import { UserState } from '../ui/user-state.js'

const everyMs = 10_000

/** One user: the devices, the calls, what limits them, and what may be done. */
export function User({ id }: { readonly id: string }) {
  const { users } = useTexts()
  const mayAct = useMay('operator')
  const loaded = useLoaded<UserView>(`/users/${id}`, everyMs)
  const user = loaded.data?.user
  return (
    <Page
      title={user ? nameOf(user) : users.title}
      above={<BackLink href="/users">{users.title}</BackLink>}
      actions={user && <UserState {...user} />}
    >
      <Shown of={loaded}>
        {view => (
          <div class="two-columns">
            <div class="column">
              <Devices {...view} />
              <LatestCalls {...view} />
            </div>
            <div class="column">
              <About {...view} />
              {mayAct && <UserActs user={view.user} onDone={loaded.reload} />}
              <Logins {...view} />
              <Limits {...view} />
            </div>
          </div>
        )}
      </Shown>
    </Page>
  )
}

function About({ user, contacts, blocked }: UserView) {
  const { user: t, users } = useTexts()
  return (
    <Section title={t.about}>
      <Facts
        facts={[
          [users.number, <span class="digits">{user.phoneNumber}</span>],
          [users.email, user.email],
          [users.since, <Moment at={user.createdAt} />],
          [t.contacts, contacts],
          [t.blocked, blocked],
          [t.id, <code>{user.id}</code>],
        ]}
      />
    </Section>
  )
}

function Devices({ devices }: UserView) {
  const { user: t } = useTexts()
  return (
    <Section title={t.devices}>
      {devices.length === 0 ? (
        <p class="hint">{t.noDevices}</p>
      ) : (
        <Table
          caption={t.devices}
          rows={devices}
          keyOf={({ id }) => id}
          columns={[
            { name: t.device, kind: 'main', cell: ({ id, name }) => name ?? <code>{id.slice(0, 13)}</code> },
            { name: t.connected, cell: ({ connectedAt }) => <Moment at={connectedAt} /> },
            { name: t.node, cell: ({ node }) => <code>{node ?? '–'}</code> },
            { name: t.lastSeen, cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} /> },
          ]}
        />
      )}
    </Section>
  )
}

function LatestCalls({ calls, user }: UserView) {
  const { user: t } = useTexts()
  return (
    <Section
      title={t.calls}
      beside={<Link href={`/calls?user=${encodeURIComponent(user.id)}`}>{t.allCalls}</Link>}
    >
      {calls.length === 0 ? <p class="hint">{t.noCalls}</p> : <CallTable calls={calls} caption={t.calls} />}
    </Section>
  )
}

function Logins({ logins }: UserView) {
  const { user: t } = useTexts()
  return (
    <Section title={t.logins}>
      {logins.length === 0 ? (
        <p class="hint">{t.noLogins}</p>
      ) : (
        <Table
          caption={t.logins}
          rows={logins}
          keyOf={({ id }) => id}
          columns={[
            { name: t.loggedIn, kind: 'main', cell: ({ createdAt }) => <Moment at={createdAt} /> },
            { name: t.lastUsed, cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} /> },
          ]}
        />
      )}
    </Section>
  )
}

function Limits({ limits }: UserView) {
  const { user: t } = useTexts()
  return (
    <Section title={t.limits}>
      {limits.length === 0 ? (
        <p class="hint">{t.noLimits}</p>
      ) : (
        <Table
          caption={t.limits}
          rows={limits}
          keyOf={({ name }) => name}
          columns={[
            { name: t.limit, kind: 'main', cell: ({ name }) => textOf({}, name) },
            { name: t.used, kind: 'number', cell: ({ used, of }) => t.usedOf(used, of) },
            { name: t.resets, cell: ({ resetsAt }) => <Moment at={resetsAt} /> },
          ]}
        />
      )}
    </Section>
  )
}
