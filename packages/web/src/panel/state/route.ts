import { type ReadonlySignal, signal } from '@preact/signals'

/** Where somebody is in the panel: all of it stands in the address. */
export interface Place {
  readonly path: string
  readonly query: URLSearchParams
}

export interface Route {
  readonly place: ReadonlySignal<Place>
  go(href: string): void
  /** Other values in the query of this page; undefined takes one out. What is typed leaves one entry in the history. */
  refine(values: Readonly<Record<string, string | undefined>>, isTyped?: boolean): void
}

type RouteWindow = Pick<Window, 'history' | 'location' | 'addEventListener'>

export function createRoute({ history, location, addEventListener }: RouteWindow): Route {
  const read = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) })
  const place = signal(read())
  addEventListener('popstate', () => {
    place.value = read()
  })
  return {
    place,
    go(href) {
      history.pushState(null, '', href)
      place.value = read()
    },
    refine(values, isTyped = false) {
      const { path, query } = place.value
      const next = new URLSearchParams(query)
      for (const [name, value] of Object.entries(values)) {
        if (value === undefined || value === '') next.delete(name)
        else next.set(name, value)
      }
      const text = next.toString()
      if (text === query.toString()) return
      const href = text === '' ? path : `${path}?${text}`
      if (isTyped) history.replaceState(null, '', href)
      else history.pushState(null, '', href)
      place.value = read()
    },
  }
}
