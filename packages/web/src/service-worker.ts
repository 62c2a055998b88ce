/** Written in by the build: what the page is made of, and a name for just that. */
declare const SHELL: readonly string[]
declare const VERSION: string

/** As much of a worker's scope as is used; the types of pages and of workers exclude each other. */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Fetching extends Event {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Scope {
  readonly clients: {
    claim(): Promise<void>
    matchAll(options: object): Promise<readonly { focus(): Promise<unknown> }[]>
    openWindow(url: string): Promise<unknown>
  }
  skipWaiting(): Promise<void>
  addEventListener(name: 'install' | 'activate', run: (event: Extendable) => void): void
  addEventListener(name: 'fetch', run: (event: Fetching) => void): void
  addEventListener(
    name: 'notificationclick',
    run: (event: Extendable & { readonly notification: Notification }) => void,
  ): void
}
const scope = globalThis as unknown as Scope
const cacheName = `switchboard-${VERSION}`

scope.addEventListener('install', event => {
  event.waitUntil(
    caches.open(cacheName).then(async cache => {
      await cache.addAll([...SHELL])
      await scope.skipWaiting()
    }),
  )
})

scope.addEventListener('activate', event => {
  const clean = async () => {
    for (const name of await caches.keys())
      if (name.startsWith('switchboard-') && name !== cacheName) await caches.delete(name)
    await scope.clients.claim()
  }
  event.waitUntil(clean())
})

/** The page comes from the server when there is one, and from here when not. What the API says is never kept. */
scope.addEventListener('fetch', event => {
  const { request } = event
  const { origin, pathname, search } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  const fromCache = async (key: string) => (await caches.match(key)) ?? Response.error()
  if (request.mode === 'navigate' && pathname === '/')
    event.respondWith(fetch(request).catch(() => fromCache('/')))
  else if (SHELL.includes(pathname + search))
    event.respondWith(caches.match(pathname + search).then(kept => kept ?? fetch(request)))
})

scope.addEventListener('notificationclick', event => {
  event.notification.close()
  const show = async () => {
    const [window] = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
    await (window ? window.focus() : scope.clients.openWindow('/'))
  }
  event.waitUntil(show())
})
