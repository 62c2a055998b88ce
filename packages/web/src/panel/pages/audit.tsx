import type { AuditEntry, AuditView } from '@switchboard/protocol/admin'
import { Empty } from '../../parts/empty.js'
import { explain } from '../../texts/explain.js'
import { usePanel, useTexts } from '../state/panel.js'
import { pathWith, useLoaded } from '../state/use-loaded.js'
import { textOf } from '../texts/name.js'
import { Choice, ClearFilters, Filters } from '../ui/filters.js'
import { Link } from '../ui/link.js'
import { Moment } from '../ui/moment.js'
import { Page } from '../ui/page.js'
import { Pager } from '../ui/pager.js'
import { Shown } from '../ui/shown.js'
import { Table } from '../ui/table.js'
import { Tag } from '../ui/tag.js'

/** Who did what, when. */
export function Audit() {
  const { route } = usePanel()
  const { audit: t } = useTexts()
  const { query } = route.place.value
  const names = ['administrator', 'act'] as const
  const filters = Object.fromEntries(names.map(name => [name, query.get(name)]))
  const loaded = useLoaded<AuditView>(pathWith('/audit', { ...filters, cursor: query.get('cursor') }))
  return (
    <Page title={t.title} lead={t.lead}>
      <Filters>
        <Choice name="act" label={t.act} options={t.acts} />
        <ClearFilters names={names} />
      </Filters>
      <Shown of={loaded}>
        {({ entries, next }) => (
          <>
            {entries.length === 0 ? (
              <Empty icon="list" title={t.empty} hint={t.emptyHint} />
            ) : (
              <AuditTable entries={entries} />
            )}
            <Pager next={next} />
          </>
        )}
      </Shown>
    </Page>
  )
}

function AuditTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const { audit: t, none } = useTexts()
  return (
    <Table
      caption={t.title}
      rows={entries}
      keyOf={({ id }) => id}
      columns={[
        { name: t.at, kind: 'main', cell: ({ at }) => <Moment at={at} /> },
        {
          name: t.who,
          cell: ({ administrator }) =>
            administrator ? (
              <Link href={`/audit?administrator=${administrator.id}`}>{administrator.name}</Link>
            ) : (
              <span class="faint">{t.nobody}</span>
            ),
        },
        {
          name: t.act,
          cell: ({ act, detail }) => (
            <span class="together">
              {textOf(t.acts, act)}
              {'refused' in detail && <Tag tone="bad">{t.refused}</Tag>}
            </span>
          ),
        },
        { name: t.subject, cell: ({ subject }) => (subject ? <Subject {...subject} /> : none) },
        {
          name: t.detail,
          kind: 'wide',
          cell: ({ detail }) => <Detail {...detail} />,
        },
        { name: t.address, cell: ({ address }) => <code>{address ?? none}</code> },
      ]}
    />
  )
}

function Detail({ refused, ...detail }: AuditEntry['detail']) {
  const { none, errors } = useTexts()
  const why = refused === undefined ? [] : [explain({ code: refused }, { errors })]
  const rest = Object.entries(detail).map(
    ([name, value]) => `${textOf({}, name)}: ${textOf({}, String(value))}`,
  )
  return <>{[...why, ...rest].join(', ') || none}</>
}

function Subject({ kind, id }: NonNullable<AuditEntry['subject']>) {
  const { kinds } = useTexts().audit
  const text = `${textOf(kinds, kind)} ${id.slice(-8)}`
  if (kind === 'user') return <Link href={`/users/${id}`}>{text}</Link>
  if (kind === 'call') return <Link href={`/calls/${id}`}>{text}</Link>
  return <span>{text}</span>
}
