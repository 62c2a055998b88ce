import type { CallsView, UserView } from '@switchboard/protocol/admin'
import { useMay, useTexts } from '../state/panel.js'
import { pathWith, useLoaded } from '../state/use-loaded.js'
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
import { Tag } from '../ui/tag.js'
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
      actions={user && <UserState isDisabled={user.isDisabled} presence={user.presence} />}
    >
      <Shown of={loaded}>
        {view => (
          <div class="two-columns">
            <div class="column">
              <LatestCalls user={id} />
              <Devices {...view} />
              <Logins {...view} />
            </div>
            <div class="column">
              <About {...view} />
              <Limits {...view} />
              {mayAct && <UserActs user={view.user} onDone={loaded.reload} />}
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

/** How many calls say what somebody's telephone does of late. */
const fewCalls = 8

function LatestCalls({ user }: { readonly user: string }) {
  const { user: t } = useTexts()
  const path = pathWith('/calls', { user })
  const loaded = useLoaded<CallsView>(path, everyMs)
  return (
    <Section title={t.calls} beside={<Link href={path}>{t.allCalls}</Link>}>
      <Shown of={loaded}>
        {({ calls }) =>
          calls.length === 0 ? (
            <p class="hint">{t.noCalls}</p>
          ) : (
            <CallTable calls={calls.slice(0, fewCalls)} caption={t.calls} />
          )
        }
      </Shown>
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
            { name: t.device, kind: 'main', cell: ({ id }) => <code>{id.slice(0, 13)}</code> },
            {
              name: t.connection,
              cell: ({ isConnected }) => (
                <Tag tone={isConnected ? 'good' : 'busy'}>{isConnected ? t.connected : t.lost}</Tag>
              ),
            },
            { name: t.since, cell: ({ connectedAt }) => <Moment at={connectedAt} /> },
            { name: t.node, cell: ({ node }) => <code>{node.slice(0, 13)}</code> },
          ]}
        />
      )}
    </Section>
  )
}

/** What is used up of each allowance; nothing of the others. */
function Limits({ limits }: UserView) {
  const { user: t } = useTexts()
  const used = limits.filter(limit => limit.used > 0)
  return (
    <Section title={t.limits}>
      {used.length === 0 ? (
        <p class="hint">{t.noLimits}</p>
      ) : (
        <Facts
          facts={used.map(limit => [
            textOf(t.limitNames, limit.name),
            <meter key={limit.name} min={0} max={1} value={limit.used} title={t.used(limit.used)}>
              {t.used(limit.used)}
            </meter>,
          ])}
        />
      )}
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
