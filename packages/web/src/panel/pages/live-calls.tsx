import type { CallRow, LiveCallsView } from '@switchboard/protocol/admin'
import { Empty } from '../../parts/empty.js'
import { useMay, useTexts } from '../state/panel.js'
import { useLoaded } from '../state/use-loaded.js'
import { ActButton } from '../ui/act-button.js'
import { useCallColumns } from '../ui/call-columns.js'
import { CallState } from '../ui/call-state.js'
import { Page } from '../ui/page.js'
import { partyText } from '../ui/party.js'
import { Shown } from '../ui/shown.js'
import { type Column, Table } from '../ui/table.js'

const everyMs = 2_000

/** The calls that go on, on all nodes. */
export function LiveCalls() {
  const { calls: t } = useTexts()
  const loaded = useLoaded<LiveCallsView>('/calls/live', everyMs)
  return (
    <Page title={t.liveTitle} lead={loaded.data && t.live(loaded.data.calls.length)}>
      <Shown of={loaded}>
        {({ calls }) =>
          calls.length === 0 ? (
            <Empty icon="call" title={t.noLive} hint={t.noLiveHint} />
          ) : (
            <LiveTable calls={calls} onEnded={loaded.reload} />
          )
        }
      </Shown>
    </Page>
  )
}

interface LiveTableProps {
  readonly calls: readonly CallRow[]
  readonly onEnded: () => void
}

function LiveTable({ calls, onEnded }: LiveTableProps) {
  const texts = useTexts()
  const { calls: t, call, users } = texts
  const { started, from, to, duration } = useCallColumns()
  const mayEnd = useMay('operator')
  const acts: Column<CallRow> = {
    name: t.end,
    kind: 'acts',
    cell: ({ id, from, to }) => (
      <ActButton
        label={t.end}
        title={t.endTitle}
        lead={`${call.between(partyText(from, users.deleted), partyText(to, users.deleted))}. ${t.endLead}`}
        confirm={t.endTitle}
        isDangerous
        path={`/calls/${id}/end`}
        said={t.ended}
        onDone={onEnded}
        kind="button small danger-soft"
      />
    ),
  }
  return (
    <Table
      caption={t.liveTitle}
      rows={calls}
      keyOf={({ id }) => id}
      columns={[
        started,
        from,
        to,
        { name: t.stateLabel, cell: each => <CallState {...each} /> },
        { name: t.kind, cell: ({ video }) => (video ? t.video : t.audio) },
        duration,
        { name: t.node, cell: ({ node }) => <code>{node ?? texts.none}</code> },
        ...(mayEnd ? [acts] : []),
      ]}
    />
  )
}
