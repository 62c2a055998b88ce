import type { SessionStore } from '@switchboard/client'

/** As much of `Storage` as is used. */
type Items = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface LoginStore extends SessionStore {
  /** Whether the login outlives the tab. */
  stay: boolean
  /** Puts back what was last kept, but for the connection: to go on here after another tab took over. */
  takeBack(): void
}

const stayKey = 'switchboard.stay'

/**
 * Where the login is kept. All of it in the tab's own storage, so that a page that is loaded again takes up its
 * connection and its calls; the token alone in the origin's, so that an app that is opened again is still logged in. Both
 * belong to this origin: no other can read them, and the page's policy lets no other script run here. A cookie would be
 * no safer from a script in this page, and would be sent along by requests that other pages start.
 */
export function createLoginStore(tab: Items, origin: Items): LoginStore {
  let last: string | undefined
  const write = (key: string, value: string) => {
    last = value
    tab.setItem(key, value)
    if (!store.stay) return origin.removeItem(key)
    const { token, expiresAt } = JSON.parse(value) as Record<string, unknown>
    origin.setItem(key, JSON.stringify({ token, expiresAt }))
  }
  let lastKey = ''
  const store: LoginStore = {
    get stay() {
      return origin.getItem(stayKey) !== 'no'
    },
    set stay(stays) {
      origin.setItem(stayKey, stays ? 'yes' : 'no')
    },
    getItem: key => tab.getItem(key) ?? origin.getItem(key),
    setItem(key, value) {
      lastKey = key
      write(key, value)
    },
    removeItem(key) {
      tab.removeItem(key)
      origin.removeItem(key)
    },
    takeBack() {
      if (last === undefined) return
      const { token, expiresAt } = JSON.parse(last) as Record<string, unknown>
      write(lastKey, JSON.stringify({ token, expiresAt }))
    },
  }
  return store
}
