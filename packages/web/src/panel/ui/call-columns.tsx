import type { CallRow } from '@switchboard/protocol/admin'
import { useTexts } from '../state/panel.js'
import { figuresIn } from '../texts/figures.js'
import { Link } from './link.js'
import { Moment } from './moment.js'
import { Party } from './party.js'
import type { Column } from './table.js'

/** What every list of calls shows of each: a way to its story, who spoke with whom, and for how long. */
export function useCallColumns() {
  const texts = useTexts()
  const { calls: t } = texts
  const { lasted } = figuresIn(texts)
  return {
    started: {
      name: t.started,
      kind: 'main',
      cell: ({ id, startedAt }) => (
        <Link href={`/calls/${id}`} class="row-link">
          <Moment at={startedAt} />
        </Link>
      ),
    },
    from: { name: t.from, cell: ({ from }) => <Party {...from} /> },
    to: { name: t.to, cell: ({ to }) => <Party {...to} /> },
    duration: { name: t.duration, kind: 'number', cell: ({ durationSeconds }) => lasted(durationSeconds) },
  } as const satisfies Record<string, Column<CallRow>>
}
