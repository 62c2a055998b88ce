import type { LongerRange, LongerView, OverviewView } from '@switchboard/protocol/admin'
import type { ComponentChildren } from 'preact'
import { Icon } from '../../parts/icon.js'
import { usePanel, useTexts } from '../state/panel.js'
import { pathWith, useLoaded } from '../state/use-loaded.js'
import { useOverview } from '../state/use-points.js'
import { figuresIn } from '../texts/figures.js'
import { Charts } from '../ui/charts.js'
import { Link } from '../ui/link.js'
import { Moment } from '../ui/moment.js'
import { Page } from '../ui/page.js'
import { Shown } from '../ui/shown.js'

const everyMs = 5_000

/** What goes on right now, and how it was. */
export function Overview() {
  const { overview: t } = useTexts()
  const loaded = useOverview(everyMs)
  const { data } = loaded
  return (
    <Page
      title={t.title}
      actions={
        data && (
          <p class="hint">
            {t.asOf} <Moment at={data.at} />
          </p>
        )
      }
    >
      <Shown of={loaded}>
        {overview => (
          <>
            {overview.bus === 'away' && (
              <p class="notice warning" role="status">
                <Icon name="warning" />
                {t.busAway}
              </p>
            )}
            <Tiles {...overview} />
            <Past {...overview} />
          </>
        )}
      </Shown>
    </Page>
  )
}

/** The last hour as the nodes remember it, and further back where there is a Prometheus to ask. */
function Past({ points, longer }: OverviewView) {
  const { route } = usePanel()
  const { overview: t } = useTexts()
  const asked = longer ? route.place.value.query.get('range') : null
  const range = asked !== null && isLonger(asked) ? asked : undefined
  return (
    <>
      <div class="section-head">
        <h2 class="section-title">{range ? t.last[range] : t.lastHour}</h2>
        {longer && <Ranges shown={range} />}
      </div>
      {range ? <Longer range={range} hour={points} /> : <Drawn points={points} />}
    </>
  )
}

const ranges = ['6h', '24h', '7d'] as const satisfies readonly LongerRange[]
const isLonger = (text: string): text is LongerRange => ranges.some(range => range === text)

function Ranges({ shown }: { readonly shown: LongerRange | undefined }) {
  const { overview: t } = useTexts()
  return (
    <nav class="ranges" aria-label={t.ranges}>
      <Link href="/" class="range" current={shown === undefined}>
        {t.short.hour}
      </Link>
      {ranges.map(range => (
        <Link key={range} href={`/?range=${range}`} class="range" current={range === shown}>
          {t.short[range]}
        </Link>
      ))}
    </nav>
  )
}

const longerEveryMs = 60_000

function Longer({ range, hour }: { readonly range: LongerRange; readonly hour: Points }) {
  const { overview: t } = useTexts()
  const { data, error } = useLoaded<LongerView>(pathWith('/overview/longer', { range }), longerEveryMs)
  if (error)
    return (
      <>
        <p class="notice warning" role="status">
          <Icon name="warning" />
          {t.prometheusAway}
        </p>
        <Drawn points={hour} />
      </>
    )
  return data ? <Drawn points={data.points} isLong /> : <p class="hint">{t.asking}</p>
}

type Points = OverviewView['points']

function Drawn({ points, isLong = false }: { readonly points: Points; readonly isLong?: boolean }) {
  const { overview: t } = useTexts()
  if (points.length > 0) return <Charts points={points} isLong={isLong} />
  return <p class="hint">{isLong ? t.nothingKept : t.noPoints}</p>
}

interface TileProps {
  readonly name: string
  readonly value: string
  readonly hint?: ComponentChildren
  readonly href?: string
  readonly isAlarming?: boolean
}

function Tile({ name, value, hint, href, isAlarming = false }: TileProps) {
  return (
    <div class={`tile${isAlarming ? ' alarming' : ''}`}>
      <dt>{href === undefined ? name : <Link href={href}>{name}</Link>}</dt>
      <dd class="tile-value">{value}</dd>
      <dd class="tile-hint">{hint}</dd>
    </div>
  )
}

/** A lag of this much is felt by whoever calls. */
const lagMs = 100

function Tiles({ live, nodes, bus }: OverviewView) {
  const texts = useTexts()
  const t = texts.overview
  const figures = figuresIn(texts)
  const { setUpSeconds } = live
  return (
    <dl class="tiles">
      <Tile
        name={t.connections}
        value={figures.whole(live.connections)}
        hint={`${t.devices(live.devices)} · ${t.present(live.usersPresent)}`}
      />
      <Tile
        name={t.ringing}
        value={figures.whole(live.ringing)}
        href="/calls/live"
        hint={`${t.callsPerMinute} ${figures.rate(live.callsPerMinute)}`}
      />
      <Tile name={t.established} value={figures.whole(live.established)} href="/calls/live" />
      <Tile name={t.answerRate} value={figures.share(live.answerRate)} hint={t.answerHint} />
      <Tile
        name={t.setUp}
        value={setUpSeconds ? figures.seconds(setUpSeconds.p50) : texts.none}
        hint={setUpSeconds ? t.p95Of(figures.seconds(setUpSeconds.p95)) : t.setUpHint}
      />
      <Tile
        name={t.errors}
        value={figures.rate(live.errorsPerMinute)}
        isAlarming={live.errorsPerMinute > 0}
      />
      <Tile
        name={t.lag}
        value={figures.milliseconds(live.eventLoopLagMs)}
        hint={`${t.cpu} ${figures.share(live.cpuShare)} · ${figures.bytes(live.memoryBytes)}`}
        isAlarming={live.eventLoopLagMs > lagMs}
      />
      <Tile
        name={texts.nav.nodes}
        value={figures.whole(nodes)}
        href="/nodes"
        hint={t.bus[bus]}
        isAlarming={bus === 'away'}
      />
    </dl>
  )
}
