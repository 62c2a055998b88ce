import { useEffect } from 'preact/hooks'
import { Mark } from '../parts/brand.js'
import { Icon } from '../parts/icon.js'
import { type App, useApp } from '../state/app.js'
import type { View } from '../state/route.js'
import { CallScreen } from './call/call-screen.js'
import { FailureDialog } from './call/failure-dialog.js'
import { IncomingDialog } from './call/incoming-dialog.js'
import { Contacts } from './contacts.js'
import { IdleStage } from './idle-stage.js'
import { Keypad } from './keypad.js'
import { Notices } from './notices.js'
import { Person } from './person.js'
import { Recents } from './recents.js'
import { Settings } from './settings/settings.js'

const views: readonly View[] = ['contacts', 'recents', 'keypad', 'settings']

function Rail() {
  const { route, texts, past } = useApp()
  const { nav, recents, product } = texts.value
  const missed = past.missed.value
  return (
    <nav class="rail" aria-label={nav.label}>
      <span class="rail-brand" title={product}>
        <Mark />
      </span>
      {views.map(view => (
        <button
          key={view}
          type="button"
          class="rail-item"
          aria-current={route.place.value.view === view ? 'page' : undefined}
          onClick={() => route.go({ view })}
        >
          <span class="rail-icon">
            <Icon name={view} />
            {view === 'recents' && missed > 0 && (
              <span class="badge" aria-hidden="true">
                {missed}
              </span>
            )}
          </span>
          {nav[view]}
          {view === 'recents' && missed > 0 && <span class="unseen">, {recents.missedCount(missed)}</span>}
        </button>
      ))}
    </nav>
  )
}

function Pane({ view }: { readonly view: View }) {
  switch (view) {
    case 'contacts':
      return <Contacts />
    case 'recents':
      return <Recents />
    case 'keypad':
      return <Keypad />
    case 'settings':
      return <Settings />
  }
}

function Stage({ route, lines }: App) {
  const line = lines.current.value
  const { person } = route.place.value
  if (line) return <CallScreen line={line} />
  return person === undefined ? <IdleStage /> : <Person key={person} number={person} />
}

/** The phone of somebody who is logged in: where to go, what there is, and the stage for a person or a call. */
export function Frame() {
  const app = useApp()
  const { route, lines } = app
  const { view, person } = route.place.value
  const line = lines.current.value
  const incoming = lines.incoming.value
  const failure = lines.failure.value
  useEffect(() => {
    document.querySelector('.pane')?.scrollTo(0, 0)
  }, [view])
  const shows = line ? 'call' : person === undefined ? 'list' : 'person'
  return (
    <div class="frame" data-shows={shows}>
      <Rail />
      <main class="desk">
        <div class="pane">
          <Notices />
          <Pane view={view} />
        </div>
        <div class="stage">
          <Stage {...app} />
        </div>
      </main>
      {incoming && <IncomingDialog key={incoming.call.id} line={incoming} />}
      {failure && <FailureDialog failure={failure} />}
    </div>
  )
}
