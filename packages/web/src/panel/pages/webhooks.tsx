import type { WebhookDelivery, WebhookEndpoint, WebhooksView } from '@switchboard/protocol/admin'
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
import { Section } from '../ui/section.js'
import { Shown } from '../ui/shown.js'
import { type Column, Table } from '../ui/table.js'
import { Tag, type Tone } from '../ui/tag.js'

const tones: Readonly<Record<WebhookDelivery['state'], Tone>> = {
  ...{ waiting: 'busy', delivered: 'good', given_up: 'bad' },
}
const health: Readonly<Record<WebhookEndpoint['state'], Tone>> = {
  idle: 'quiet',
  well: 'good',
  failing: 'bad',
}
const everyMs = 5_000

/** What is told to the operator's receivers, and how they take it. */
export function Webhooks() {
  const { route } = usePanel()
  const { webhooks: t } = useTexts()
  const { query } = route.place.value
  const path = pathWith('/webhooks', { state: query.get('state'), cursor: query.get('cursor') })
  const loaded = useLoaded<WebhooksView>(path, everyMs)
  return (
    <Page title={t.title} lead={t.lead}>
      <Shown of={loaded}>
        {({ endpoints, deliveries, next }) => (
          <>
            {endpoints.length > 0 && <Endpoints endpoints={endpoints} />}
            <Filters>
              <Choice name="state" label={t.state} options={t.states} />
              <ClearFilters names={['state']} />
            </Filters>
            {deliveries.length === 0 ? (
              <Empty
                icon="signal"
                title={t.empty}
                hint={endpoints.length === 0 ? t.noEndpoints : t.emptyHint}
              />
            ) : (
              <Deliveries deliveries={deliveries} onDone={loaded.reload} />
            )}
            <Pager next={next} />
          </>
        )}
      </Shown>
    </Page>
  )
}

function Endpoints({ endpoints }: Pick<WebhooksView, 'endpoints'>) {
  const { webhooks: t, none } = useTexts()
  return (
    <Section title={t.receivers}>
      <Table
        caption={t.receivers}
        rows={endpoints}
        keyOf={({ id }) => id}
        columns={[
          { name: t.receiver, kind: 'main', cell: ({ url }) => url },
          { name: t.state, cell: ({ state }) => <Tag tone={health[state]}>{t.health[state]}</Tag> },
          { name: t.waiting, kind: 'number', cell: ({ waiting }) => waiting },
          { name: t.oldest, cell: ({ oldestWaitingAt }) => <Moment at={oldestWaitingAt} otherwise={none} /> },
          { name: t.last, cell: ({ lastDeliveredAt }) => <Moment at={lastDeliveredAt} otherwise={none} /> },
        ]}
      />
    </Section>
  )
}

interface DeliveriesProps {
  readonly deliveries: readonly WebhookDelivery[]
  readonly onDone: () => void
}

function Deliveries({ deliveries, onDone }: DeliveriesProps) {
  const { webhooks: t, none } = useTexts()
  const mayReplay = useMay('operator')
  const acts: Column<WebhookDelivery> = {
    name: t.replay,
    kind: 'acts',
    cell: ({ id, type, endpoint }) =>
      endpoint.url === null ? (
        none
      ) : (
        <ActButton
          label={t.replay}
          lead={t.replayLead(textOf(t.types, type), endpoint.url)}
          path={`/webhooks/${id}/replay`}
          said={t.replayed}
          onDone={onDone}
        />
      ),
  }
  return (
    <Table
      caption={t.title}
      rows={deliveries}
      keyOf={({ id }) => id}
      columns={[
        { name: t.event, kind: 'main', cell: ({ type }) => textOf(t.types, type) },
        {
          name: t.about,
          cell: ({ type, subject: { kind, id } }) =>
            type === 'user.deleted' ? none : <Link href={`/${kind}s/${id}`}>{t.kinds[kind]}</Link>,
        },
        { name: t.at, cell: ({ at }) => <Moment at={at} /> },
        { name: t.receiver, kind: 'wide', cell: ({ endpoint }) => endpoint.url ?? t.gone },
        { name: t.state, cell: ({ state }) => <Tag tone={tones[state]}>{t.states[state]}</Tag> },
        { name: t.attempts, kind: 'number', cell: ({ attempts }) => attempts },
        { name: t.answer, cell: each => <LastAnswer {...each} /> },
        { name: t.nextTry, cell: ({ nextAttemptAt }) => <Moment at={nextAttemptAt} otherwise={none} /> },
        ...(mayReplay ? [acts] : []),
      ]}
    />
  )
}

function LastAnswer({ lastAttempt }: Pick<WebhookDelivery, 'lastAttempt'>) {
  const { webhooks: t, none } = useTexts()
  if (lastAttempt === null) return <>{none}</>
  const { status, error, ms } = lastAttempt
  return <>{`${status ?? (error ? t.errors[error] : none)} · ${ms} ms`}</>
}
