import type { NodesView } from '@switchboard/protocol/admin'
import { useTexts } from '../state/panel.js'
import { useLoaded } from '../state/use-loaded.js'
import { Moment } from '../ui/moment.js'
import { Page } from '../ui/page.js'
import { Shown } from '../ui/shown.js'
import { Table } from '../ui/table.js'
import { Tag } from '../ui/tag.js'

const everyMs = 5_000

/** The servers that make up the service. */
export function Nodes() {
  const { nodes: t, none, locale } = useTexts()
  const loaded = useLoaded<NodesView>('/nodes', everyMs)
  return (
    <Page title={t.title}>
      <Shown of={loaded}>
        {({ nodes }) => (
          <Table
            caption={t.title}
            rows={nodes}
            keyOf={({ id }) => id}
            columns={[
              {
                name: t.name,
                kind: 'main',
                cell: ({ id, isThis }) => (
                  <>
                    <code>{id}</code> {isThis && <span class="hint">{t.isThis}</span>}
                  </>
                ),
              },
              {
                name: t.state,
                cell: ({ draining }) => (
                  <Tag tone={draining ? 'busy' : 'good'}>{draining ? t.draining : t.serving}</Tag>
                ),
              },
              { name: t.version, cell: ({ version }) => version },
              { name: t.started, cell: ({ startedAt }) => <Moment at={startedAt} /> },
              { name: t.seen, cell: ({ seenAt }) => <Moment at={seenAt} /> },
              { name: t.address, cell: ({ address }) => address ?? none },
              { name: t.connections, kind: 'number', cell: each => each.connections.toLocaleString(locale) },
              { name: t.calls, kind: 'number', cell: each => each.calls.toLocaleString(locale) },
            ]}
          />
        )}
      </Shown>
    </Page>
  )
}
