import type { CallRow } from '@switchboard/protocol/admin'
import { useTexts } from '../state/panel.js'
import { figuresIn } from '../texts/figures.js'
import { CallState } from './call-state.js'
import { Link } from './link.js'
import { Moment } from './moment.js'
import { Party } from './party.js'
import { Table } from './table.js'

/** Calls that are over, or nearly. */
export function CallTable({
  calls,
  caption,
}: {
  readonly calls: readonly CallRow[]
  readonly caption: string
}) {
  const texts = useTexts()
  const t = texts.calls
  const { lasted } = figuresIn(texts)
  return (
    <Table
      caption={caption}
      rows={calls}
      keyOf={({ id }) => id}
      columns={[
        {
          name: t.started,
          kind: 'main',
          cell: ({ id, startedAt }) => (
            <Link href={`/calls/${id}`} class="row-link">
              <Moment at={startedAt} />
            </Link>
          ),
        },
        { name: t.from, cell: ({ from }) => <Party {...from} /> },
        { name: t.to, cell: ({ to }) => <Party {...to} /> },
        { name: t.outcome, cell: call => <CallState {...call} /> },
        { name: t.duration, kind: 'number', cell: ({ durationSeconds }) => lasted(durationSeconds) },
      ]}
    />
  )
}
