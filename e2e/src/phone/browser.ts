import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'

/** Somebody at a browser of their own. */
export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** What no visit may show: errors of scripts, of the page's policy, and requests to elsewhere. */
  readonly faults: readonly string[]
}

export interface VisitOptions extends BrowserContextOptions {
  /** Another page than the phone. */
  readonly at?: string
  /** Without them the browser refuses, as somebody who says no. */
  readonly mayUse?: readonly ('microphone' | 'camera' | 'notifications')[]
}

/** Runs in the page before its own scripts: peer connections are remembered, so that what they decode can be read. */
const watchConnections = `
  globalThis.connections = []
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options) { super(...options); connections.push(this) }
  }`

/** Where errors are expected: the server is away, or what a test does makes it say no. */
const expected = [/Failed to load resource/, /WebSocket connection to/, /net::ERR_/, /SSL certificate error/]

export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visitor> {
  const { mayUse = ['microphone', 'camera'], at = url, ...more } = options
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
    permissions: [...mayUse],
    ...more,
  })
  context.setDefaultTimeout(60_000)
  await context.addInitScript({ content: watchConnections })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', error => faults.push(String(error)))
  page.on('console', message => {
    const text = message.text()
    if (message.type() === 'error' && !expected.some(each => each.test(text))) faults.push(text)
  })
  page.on('request', request => {
    if (!request.url().startsWith(at) && !request.url().startsWith('blob:'))
      faults.push(`asks ${request.url()}`)
  })
  await page.goto(at)
  return { page, context, faults }
}
