import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { announceCalls } from '../sound/announce.js'
import type { Texts } from '../texts/like.js'
import { textsOf } from '../texts/texts.js'
import { createDevices, type Devices } from './devices.js'
import { createLines, type Lines } from './lines.js'
import { createLoginStore } from './login-store.js'
import { createPast, type Past } from './past.js'
import { createPeople, type People } from './people.js'
import { createPreferences, type Preferences } from './preferences.js'
import { createRoute, type Route } from './route.js'
import { createSession, type Session } from './session.js'

/** Everything that the screens show and do. */
export interface App {
  readonly preferences: Preferences
  readonly texts: ReadonlySignal<Texts>
  readonly session: Session
  readonly lines: Lines
  readonly people: People
  readonly past: Past
  readonly route: Route
  readonly devices: Devices
  /** A sentence that is said once, and goes by itself. */
  readonly toast: Signal<string | undefined>
}

/** Presence has no event: it is asked for while somebody looks. */
const lookEveryMs = 15_000

export function createApp(page: Window): App {
  const { localStorage, sessionStorage, navigator, location, document } = page
  const preferences = createPreferences(localStorage, navigator.languages)
  const texts = computed(() => textsOf(preferences.language.value))
  const people = createPeople()
  const past = createPast(preferences.seenUntil)
  const toast = signal<string>()
  const lines = createLines({
    onEnded: () => {
      void past.refresh().catch(() => undefined)
      void people.look()
    },
  })
  const session = createSession({
    url: location.origin,
    store: createLoginStore(sessionStorage, localStorage),
    preferences,
    onPhone: phone => {
      people.follow(phone)
      past.follow(phone)
      lines.follow(phone)
      const catchUp = () => Promise.all([people.refresh(), past.refresh()]).catch(() => undefined)
      void catchUp()
      phone.on('online', () => void catchUp())
    },
  })
  const app: App = {
    ...{ preferences, texts, session, lines, people, past, toast },
    route: createRoute(page),
    devices: createDevices(navigator),
  }

  effect(() => {
    document.documentElement.dataset.theme = preferences.theme.value
    document.documentElement.lang = preferences.language.value
  })
  const look = () => {
    if (!document.hidden && session.standing.value.is === 'inside') void people.look()
  }
  setInterval(look, lookEveryMs)
  document.addEventListener('visibilitychange', look)
  announceCalls(app, page)
  return app
}

export const AppContext = createContext<App | undefined>(undefined)

export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('a component stands outside the app')
  return app
}
