import type { LimitsView } from '@switchboard/protocol/admin'
import { Empty } from '../../parts/empty.js'
import { useTexts } from '../state/panel.js'
import { useLoaded } from '../state/use-loaded.js'
import { textOf } from '../texts/name.js'
import { Link } from '../ui/link.js'
import { Moment } from '../ui/moment.js'
import { Page } from '../ui/page.js'
import { Section } from '../ui/section.js'
import { Shown } from '../ui/shown.js'
import { Table } from '../ui/table.js'

const everyMs = 5_000

/** What said no, how often, and to whom of late. */
export function Limits() {
  const { limits: t } = useTexts()
  const loaded = useLoaded<LimitsView>('/limits', everyMs)
  return (
    <Page title={t.title} lead={t.lead}>
      <Shown of={loaded}>
        {({ limits, trips }) => (
          <div class="column">
            <Section title={t.trips} beside={<p class="hint">{t.tripsHint}</p>}>
              {trips.length === 0 ? (
                <Empty icon="limit" title={t.quiet} hint={t.quietHint} />
              ) : (
                <Trips trips={trips} />
              )}
            </Section>
            <Section title={t.title}>
              <Counts limits={limits} />
            </Section>
          </div>
        )}
      </Shown>
    </Page>
  )
}

function Trips({ trips }: Pick<LimitsView, 'trips'>) {
  const { limits: t, none } = useTexts()
  return (
    <Table
      caption={t.trips}
      rows={trips}
      keyOf={({ at, limit, address, userId }) => [at, limit, address, userId].join(' ')}
      columns={[
        { name: t.at, kind: 'main', cell: ({ at }) => <Moment at={at} /> },
        { name: t.name, cell: ({ limit }) => textOf({}, limit) },
        { name: t.address, cell: ({ address }) => <code>{address ?? none}</code> },
        {
          name: t.user,
          cell: ({ userId }) => (userId ? <Link href={`/users/${userId}`}>{t.user}</Link> : none),
        },
      ]}
    />
  )
}

function Counts({ limits }: Pick<LimitsView, 'limits'>) {
  const { limits: t, locale } = useTexts()
  return (
    <Table
      caption={t.title}
      rows={[...limits].sort((one, other) => other.tripped - one.tripped)}
      keyOf={({ name }) => name}
      columns={[
        { name: t.name, kind: 'main', cell: ({ name }) => textOf({}, name) },
        { name: t.tripped, kind: 'number', cell: ({ tripped }) => tripped.toLocaleString(locale) },
        { name: t.last, cell: ({ lastAt }) => <Moment at={lastAt} otherwise={t.never} /> },
      ]}
    />
  )
}
