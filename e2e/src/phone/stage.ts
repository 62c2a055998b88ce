import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { type Coturn, ownAddress, startCoturn } from '../../../packages/server/src/turn/coturn.testing.js'
import { buildPages } from '../building.js'
import { launch } from '../chromium.js'
import type { Person } from '../people.js'
import { type Env, type Product, startProduct } from '../product.js'
import { type VisitOptions, type Visitor, visit } from './browser.js'
import { phone } from './deeds.js'

/** Somebody with an account, who is logged in. */
export interface Caller extends Visitor {
  readonly who: Person
}

export interface PhonesOptions {
  readonly env?: Env | (() => Promise<Env>)
  /** What coturn has; the server's, unless they are to differ. */
  readonly turnSecret?: string
}

/** A machine may be busy with something else: what is awaited are events, and none of them takes so long by itself. */
export const slow = { timeout: 180_000 } as const

const secret = 'a secret of the tests, and of nobody else'

/** The started product with a real coturn, and browsers with a camera that is none; for one file of tests. */
export function phones({ env = {}, turnSecret = secret }: PhonesOptions = {}) {
  let browser: Browser
  let coturn: Coturn
  let product: Product
  let visitors: Visitor[] = []

  beforeAll(async () => {
    ;[browser, coturn] = await Promise.all([
      launch(),
      // The relay's own address is a private one here.
      startCoturn({ secrets: [turnSecret], options: ['--allowed-peer-ip', ownAddress()] }),
      buildPages(),
    ])
    product = await startProduct({
      env: {
        TURN_URLS: `turn:127.0.0.1:${coturn.port}`,
        TURN_SECRET: secret,
        ...(typeof env === 'function' ? await env() : env),
      },
    })
  })
  afterEach(async () => {
    const faults = visitors.flatMap(each => each.faults)
    await Promise.all(visitors.map(({ context }) => context.close()))
    visitors = []
    expect(faults).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await coturn?.stop()
    try {
      await product?.stop()
    } finally {
      await product?.dispose()
    }
  })

  async function visitor(): Promise<Visitor>
  async function visitor(registered: true, options?: VisitOptions): Promise<Caller>
  async function visitor(registered: false, options?: VisitOptions): Promise<Visitor>
  async function visitor(registered = false, options: VisitOptions = {}): Promise<Visitor | Caller> {
    const one = await visit(browser, product.api, options)
    visitors.push(one)
    return registered ? { ...one, who: await phone.register(one.page) } : one
  }
  return {
    visitor,
    /** Two who do not know each other. */
    pair: async (): Promise<readonly [Caller, Caller]> => Promise.all([visitor(true), visitor(true)]),
    product: () => product,
    coturn: () => coturn,
  }
}
