import type { CallView } from '@switchboard/protocol/admin'
import { useMay, useTexts } from '../state/panel.js'
import { useLoaded } from '../state/use-loaded.js'
import { figuresIn } from '../texts/figures.js'
import { textOf } from '../texts/name.js'
import { ActButton } from '../ui/act-button.js'
import { BackLink } from '../ui/back-link.js'
import { CallState } from '../ui/call-state.js'
import { Facts } from '../ui/facts.js'
import { Moment } from '../ui/moment.js'
import { Page } from '../ui/page.js'
import { Party, partyText } from '../ui/party.js'
import { Section } from '../ui/section.js'
import { ShortId } from '../ui/short-id.js'
import { Shown } from '../ui/shown.js'
import { Table } from '../ui/table.js'
import { Timeline } from '../ui/timeline.js'
import { Verdict } from '../ui/verdict.js'

const everyMs = 3_000

/** Why did it not ring? One call's story, in order, and in a sentence what came of it. */
export function Call({ id }: { readonly id: string }) {
  const { call: t, calls, users } = useTexts()
  const mayEnd = useMay('operator')
  const loaded = useLoaded<CallView>(`/calls/${id}`, everyMs)
  const call = loaded.data?.call
  const title = call && t.between(partyText(call.from, users.deleted), partyText(call.to, users.deleted))
  return (
    <Page
      title={title ?? t.title}
      above={<BackLink href="/calls">{calls.title}</BackLink>}
      actions={
        call && (
          <>
            <CallState {...call} />
            {mayEnd && call.endedAt === null && (
              <ActButton
                label={calls.endTitle}
                lead={calls.endLead}
                isDangerous
                path={`/calls/${id}/end`}
                said={calls.ended}
                onDone={loaded.reload}
                kind="button small danger-soft"
              />
            )}
          </>
        )
      }
    >
      <Shown of={loaded}>
        {view => (
          <div class="two-columns">
            <div class="column">
              <Verdict verdict={view.verdict} />
              <Timeline trace={view.trace} />
              <Devices {...view} />
              <Candidates {...view} />
            </div>
            <div class="column">
              <CallFacts {...view} />
            </div>
          </div>
        )}
      </Shown>
    </Page>
  )
}

function CallFacts({ call, way }: CallView) {
  const texts = useTexts()
  const { call: t, calls, none } = texts
  const { lasted } = figuresIn(texts)
  return (
    <Section title={t.facts}>
      <Facts
        facts={[
          [calls.from, <Party {...call.from} />],
          [calls.to, <Party {...call.to} />],
          [calls.kind, call.video ? calls.video : calls.audio],
          [calls.started, <Moment at={call.startedAt} />],
          [t.answered, <Moment at={call.answeredAt} />],
          [t.ended, <Moment at={call.endedAt} />],
          [calls.duration, lasted(call.durationSeconds)],
          [t.way, t.ways[way]],
          [calls.node, <code>{call.node ?? none}</code>],
        ]}
      />
    </Section>
  )
}

function Devices({ devices }: CallView) {
  const { call: t, none } = useTexts()
  return (
    <Section title={t.devices}>
      {devices.length === 0 ? (
        <p class="hint">{t.noDevices}</p>
      ) : (
        <Table
          caption={t.devices}
          rows={devices}
          keyOf={({ device }) => device}
          columns={[
            { name: t.device, kind: 'main', cell: ({ device }) => <ShortId id={device} /> },
            { name: t.gotRing, cell: ({ gotRingAt }) => <Moment at={gotRingAt} /> },
            {
              name: t.acknowledged,
              cell: ({ acknowledgedAt }) => <Moment at={acknowledgedAt} otherwise={none} />,
            },
            { name: t.answer, cell: ({ answer }) => (answer === null ? none : textOf(t.answers, answer)) },
          ]}
        />
      )}
    </Section>
  )
}

const types = ['host', 'srflx', 'prflx', 'relay'] as const

function Candidates({ candidates }: CallView) {
  const { call: t, calls } = useTexts()
  const sides = [
    { name: calls.from, counts: candidates.from },
    { name: calls.to, counts: candidates.to },
  ]
  return (
    <Section title={t.candidates}>
      <p class="hint">{t.candidatesHint}</p>
      <Table
        caption={t.candidates}
        rows={sides}
        keyOf={({ name }) => name}
        columns={[
          { name: t.side, kind: 'main', cell: ({ name }) => name },
          ...types.map(type => ({
            name: t[type],
            kind: 'number' as const,
            cell: ({ counts }: (typeof sides)[number]) => counts[type],
          })),
        ]}
      />
    </Section>
  )
}
