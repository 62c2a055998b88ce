import type { Role } from '@switchboard/protocol/admin'
import type { FunctionComponent } from 'preact'
import { Empty } from '../../parts/empty.js'
import { Account } from '../pages/account.js'
import { Administrators } from '../pages/administrators.js'
import { Audit } from '../pages/audit.js'
import { Call } from '../pages/call.js'
import { Calls } from '../pages/calls.js'
import { Limits } from '../pages/limits.js'
import { LiveCalls } from '../pages/live-calls.js'
import { Mail } from '../pages/mail.js'
import { Nodes } from '../pages/nodes.js'
import { Overview } from '../pages/overview.js'
import { Settings } from '../pages/settings.js'
import { User } from '../pages/user.js'
import { Users } from '../pages/users.js'
import { Webhooks } from '../pages/webhooks.js'
import { usePanel, useSession, useTexts } from '../state/panel.js'
import { reaches } from '../state/session.js'
import { Link } from './link.js'
import { Page } from './page.js'

interface Way {
  readonly path: RegExp
  readonly page: FunctionComponent<{ readonly id: string }>
  readonly least?: Role
}

const ways: readonly Way[] = [
  { path: /^\/$/, page: Overview },
  { path: /^\/users$/, page: Users },
  { path: /^\/users\/([\w-]+)$/, page: User },
  { path: /^\/calls\/live$/, page: LiveCalls },
  { path: /^\/calls$/, page: Calls },
  { path: /^\/calls\/([\w-]+)$/, page: Call },
  { path: /^\/mail$/, page: Mail },
  { path: /^\/webhooks$/, page: Webhooks },
  { path: /^\/limits$/, page: Limits },
  { path: /^\/nodes$/, page: Nodes },
  { path: /^\/settings$/, page: Settings },
  { path: /^\/audit$/, page: Audit },
  { path: /^\/administrators$/, page: Administrators, least: 'owner' },
  { path: /^\/account$/, page: Account },
]

function Nowhere() {
  const t = useTexts()
  return (
    <Page title={t.notFound}>
      <Empty icon="search" title={t.notFound} hint={t.notFoundHint}>
        <Link href="/" class="button small tinted">
          {t.toOverview}
        </Link>
      </Empty>
    </Page>
  )
}

/** The page that the address names, if whoever is signed in may see it. */
export function Pages() {
  const { route } = usePanel()
  const { administrator } = useSession()
  const { path } = route.place.value
  for (const { path: pattern, page: Shown, least = 'viewer' } of ways) {
    const match = pattern.exec(path)
    if (match && reaches(administrator.role, least)) return <Shown key={path} id={match[1] ?? ''} />
  }
  return <Nowhere />
}
