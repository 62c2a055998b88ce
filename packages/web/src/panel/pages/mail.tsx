import type { MailRow, MailState, MailView } from '@switchboard/protocol/admin'
import { Empty } from '../../parts/empty.js'
import { useMay, usePanel, useTexts } from '../state/panel.js'
import { pathWith, useLoaded } from '../state/use-loaded.js'
import { textOf } from '../texts/name.js'
import { ActButton } from '../ui/act-button.js'
import { Choice, ClearFilters, Filters } from '../ui/filters.js'
import { Link } from '../ui/link.js'
import { Moment } from '../ui/moment.js'
import { Page } from '../ui/page.js'
import { Pager } from '../ui/pager.js'
import { Shown } from '../ui/shown.js'
import { type Column, Table } from '../ui/table.js'
import { Tag, type Tone } from '../ui/tag.js'

const tones: Readonly<Record<MailState, Tone>> = { waiting: 'busy', kept: 'quiet', failed: 'bad' }
const everyMs = 10_000

/** What is on its way by mail, what went, and what could not go. */
export function Mail() {
  const { route } = usePanel()
  const { mail: t } = useTexts()
  const { query } = route.place.value
  const state = query.get('state')
  const path = pathWith('/mail', { state, cursor: query.get('cursor') })
  const loaded = useLoaded<MailView>(path, everyMs)
  return (
    <Page title={t.title} lead={t.lead}>
      <Filters>
        <Choice name="state" label={t.state} options={t.states} />
        <ClearFilters names={['state']} />
      </Filters>
      <Shown of={loaded}>
        {({ mails, next }) => (
          <>
            {mails.length === 0 ? (
              <Empty
                icon="mail"
                title={state === null ? t.empty : t.nothing}
                hint={state === null ? t.emptyHint : t.nothingHint}
              />
            ) : (
              <MailTable mails={mails} onDone={loaded.reload} />
            )}
            <Pager next={next} />
          </>
        )}
      </Shown>
    </Page>
  )
}

function MailTable({ mails, onDone }: { readonly mails: readonly MailRow[]; readonly onDone: () => void }) {
  const { mail: t, none } = useTexts()
  const mayRetry = useMay('operator')
  const acts: Column<MailRow> = {
    name: t.retry,
    kind: 'acts',
    cell: ({ id, kind, state }) => (
      <ActButton
        label={t.retry}
        lead={`${textOf(t.kinds, kind)}: ${t.states[state]}`}
        path={`/mail/${id}/retry`}
        said={t.retried}
        onDone={onDone}
      />
    ),
  }
  return (
    <Table
      caption={t.title}
      rows={mails}
      keyOf={({ id }) => id}
      columns={[
        { name: t.kind, kind: 'main', cell: ({ kind }) => textOf(t.kinds, kind) },
        {
          name: t.to,
          cell: ({ userId }) => (userId ? <Link href={`/users/${userId}`}>{t.user}</Link> : none),
        },
        {
          name: t.state,
          cell: ({ state }) => <Tag tone={tones[state]}>{t.states[state]}</Tag>,
        },
        { name: t.created, cell: ({ createdAt }) => <Moment at={createdAt} /> },
        { name: t.attempts, kind: 'number', cell: ({ attempts }) => attempts },
        { name: t.nextTry, cell: ({ nextAt }) => <Moment at={nextAt} /> },
        ...(mayRetry ? [acts] : []),
      ]}
    />
  )
}
