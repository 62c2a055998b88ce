import type { OverviewView } from '@switchboard/protocol/admin'
import type { ComponentChildren } from 'preact'
import { Icon } from '../../parts/icon.js'
import { useTexts } from '../state/panel.js'
import { useOverview } from '../state/use-points.js'
import { figuresIn } from '../texts/figures.js'
import { Charts } from '../ui/charts.js'
import { Link } from '../ui/link.js'
import { Moment } from '../ui/moment.js'
import { Page } from '../ui/page.js'
import { Shown } from '../ui/shown.js'

const everyMs = 5_000

/** What goes on right now, and how the last hour was. */
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
            <h2 class="section-title">{t.lastHour}</h2>
            {overview.points.length === 0 ? (
              <p class="hint">{t.noPoints}</p>
            ) : (
              <Charts points={overview.points} />
            )}
          </>
        )}
      </Shown>
    </Page>
  )
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
