import { type Signal, signal } from '@preact/signals'

export type View = 'contacts' | 'recents' | 'keypad' | 'settings'

export interface Place {
  readonly view: View
  /** The number of the person who is looked at. */
  readonly person?: string | undefined
}

export interface Route {
  readonly place: Signal<Place>
  go(place: Place): void
  back(): void
}

const start: Place = { view: 'contacts' }
const isPlace = (value: unknown): value is Place =>
  ['contacts', 'recents', 'keypad', 'settings'].includes((value as Partial<Place> | null)?.view ?? '')

/** Where somebody is in the app. In the state of the history, not in the address: numbers of people stand in no URL. */
export function createRoute({
  history,
  addEventListener,
}: Pick<Window, 'history' | 'addEventListener'>): Route {
  const read = () => (isPlace(history.state) ? history.state : start)
  const place = signal<Place>(read())
  addEventListener('popstate', () => {
    place.value = read()
  })
  return {
    place,
    go(next) {
      const { view, person } = place.value
      if (view === next.view && person === next.person) return
      history.pushState(next, '')
      place.value = next
    },
    back() {
      const { view } = place.value
      history.replaceState({ view }, '')
      place.value = { view }
    },
  }
}
