import type { Role } from '@switchboard/protocol/admin'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { buildPages } from '../building.js'
import { launch } from '../chromium.js'
import { type Visitor, visit } from '../phone/browser.js'
import { type RunningOptions, running } from '../running.js'
import { isIn, panelAt, signIn } from './entering.js'
import { createAdministrator } from './panel-client.js'

export interface Administrator extends Visitor {
  readonly name: string
  readonly password: string
}

/** A machine may be busy with something else: what is awaited are events, and none of them takes so long by itself. */
export const slow = { timeout: 180_000 } as const

/** The started product and a browser that goes to its panel; for one file of tests. */
export function desk(options: RunningOptions = {}) {
  let browser: Browser
  let visitors: Visitor[] = []

  beforeAll(async () => {
    ;[browser] = await Promise.all([launch(), buildPages()])
  })
  const product = running(options)
  afterEach(async () => {
    const faults = visitors.flatMap(each => each.faults)
    await Promise.all(visitors.map(({ context }) => context.close()))
    visitors = []
    expect(faults).toEqual([])
  })
  afterAll(() => browser?.close())

  async function visitor(path = '/'): Promise<Visitor> {
    const one = await visit(browser, panelAt(product), { mayUse: [], reducedMotion: 'reduce' })
    visitors.push(one)
    if (path !== '/') await one.page.goto(`${panelAt(product)}${path}`)
    return one
  }
  return {
    product,
    visitor,
    /** Somebody at the panel, signed in. */
    async administrator(name: string, role: Role = 'owner', path = '/'): Promise<Administrator> {
      const { password } = await createAdministrator(product, name, role)
      product.secret(password)
      const one = await visitor(path)
      await signIn(one.page, name, password)
      await isIn(one.page)
      return { ...one, name, password }
    },
  }
}
