import type { CallsView } from '@switchboard/protocol/admin'
import { Empty } from '../../parts/empty.js'
import { Icon } from '../../parts/icon.js'
import { usePanel, useTexts } from '../state/panel.js'
import { pathWith, useLoaded } from '../state/use-loaded.js'
import { CallTable } from '../ui/call-table.js'
import { DayField } from '../ui/day-field.js'
import { Choice, ClearFilters, Filters } from '../ui/filters.js'
import { Page } from '../ui/page.js'
import { Pager } from '../ui/pager.js'
import { Shown } from '../ui/shown.js'
import { Tag } from '../ui/tag.js'

/** A day of the reader, as an instant. */
function instant(day: string | null, addDays = 0): string | undefined {
  const [year, month, date] = (day ?? '').split('-').map(Number)
  if (!year || !month || !date) return undefined
  return new Date(year, month - 1, date + addDays).toISOString()
}

/** What was called, by whom it was and how it ended; also as a file. */
export function Calls() {
  const { route } = usePanel()
  const { calls: t } = useTexts()
  const { query } = route.place.value
  const filters = {
    user: query.get('user'),
    cause: query.get('cause'),
    from: instant(query.get('from')),
    to: instant(query.get('to'), 1),
  }
  const loaded = useLoaded<CallsView>(pathWith('/calls', { ...filters, cursor: query.get('cursor') }))
  return (
    <Page
      title={t.title}
      actions={
        <a class="button small tinted" href={pathWith('/api/calls.csv', filters)} download>
          <Icon name="download" />
          {t.csv}
        </a>
      }
    >
      <Filters>
        <Choice name="cause" label={t.outcome} options={t.causes} />
        <DayField name="from" label={t.fromDay} />
        <DayField name="to" label={t.toDay} />
        {filters.user !== null && <Tag tone="plain">{t.ofUser}</Tag>}
        <ClearFilters names={['cause', 'from', 'to', 'user']} />
      </Filters>
      <Shown of={loaded}>
        {({ calls, next }) => (
          <>
            {calls.length === 0 ? (
              <Empty icon="recents" title={t.empty} hint={t.emptyHint} />
            ) : (
              <CallTable calls={calls} caption={t.title} />
            )}
            <Pager next={next} />
          </>
        )}
      </Shown>
    </Page>
  )
}
