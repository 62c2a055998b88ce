/** Where a session is kept, so that a page that is loaded again goes on with it. `sessionStorage` fits. */
export interface SessionStore {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** What is needed to go on: the login, the session at the server, and what its calls were made with. */
export interface Kept {
  readonly token: string
  readonly expiresAt: string
  readonly session?: string
  readonly calls?: Readonly<Record<string, { readonly audio: boolean; readonly video: boolean }>>
}

const key = 'switchboard'

/** A store of a tab where there is one; otherwise nothing outlives the page. */
export function tabStore(): SessionStore | undefined {
  try {
    return (globalThis as { sessionStorage?: SessionStore }).sessionStorage
  } catch {
    return undefined // a page that may not store anything throws here
  }
}

export function createKeeper(store: SessionStore | undefined) {
  let kept: Kept | undefined
  return {
    read(): Kept | undefined {
      try {
        const value = JSON.parse(store?.getItem(key) ?? 'null') as Kept | null
        kept = typeof value?.token === 'string' && typeof value.expiresAt === 'string' ? value : undefined
      } catch {
        kept = undefined
      }
      return kept
    },
    keep(change: Partial<Kept> & Pick<Kept, 'token' | 'expiresAt'>) {
      kept = { ...kept, ...change }
      try {
        store?.setItem(key, JSON.stringify(kept))
      } catch {
        // full or forbidden: the session does not outlive the page
      }
    },
    forget() {
      kept = undefined
      store?.removeItem(key)
    },
  }
}
export type Keeper = ReturnType<typeof createKeeper>
