import type { CallRow } from '@switchboard/protocol/admin'
import { useTexts } from '../state/panel.js'
import { useCallColumns } from './call-columns.js'
import { CallState } from './call-state.js'
import { Table } from './table.js'

/** Calls that are over, or nearly. */
export function CallTable({
  calls,
  caption,
}: {
  readonly calls: readonly CallRow[]
  readonly caption: string
}) {
  const { calls: t } = useTexts()
  const { started, from, to, duration } = useCallColumns()
  return (
    <Table
      caption={caption}
      rows={calls}
      keyOf={({ id }) => id}
      columns={[started, from, to, { name: t.outcome, cell: call => <CallState {...call} /> }, duration]}
    />
  )
}
