import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Nginx, nginx, startNginx } from '../balanced/nginx.js'
import { buildPages } from '../building.js'
import { launch } from '../chromium.js'
import { type Nodes, startNodes } from '../cluster/nodes.js'
import { describeWith } from '../databases/services.js'
import { type Visitor, visit } from './browser.js'
import { phone } from './deeds.js'
import { slow } from './stage.js'

describeWith('the phone at two nodes behind nginx', nginx() !== undefined, () => {
  let browser: Browser
  let cluster: Nodes
  let front: Nginx
  let visitors: readonly Visitor[] = []

  beforeAll(async () => {
    await buildPages()
    ;[browser, cluster] = await Promise.all([launch(), startNodes(2, { TRUST_PROXY: '127.0.0.1' })])
    const at = (which: 'api' | 'signal') => cluster.nodes.map(node => new URL(node[which]).host)
    front = await startNginx({ api: at('api'), signal: at('signal') })
  })
  afterAll(async () => {
    await browser?.close()
    await front?.stop()
    await cluster?.dispose()
  })

  it(
    'one node after the other is killed in the middle of a call: the picture stays, and the call goes on',
    async () => {
      const come = () => visit(browser, front.api, { ignoreHTTPSErrors: true })
      const [ada, ben] = [await come(), await come()]
      visitors = [ada, ben]
      await phone.register(ada.page)
      const { phone_number } = await phone.register(ben.page)
      await phone.dial(ada.page, phone_number, true)
      await phone.answer(ben.page, 'Answer with video')
      for (const { page } of visitors) await phone.isConnected(page)
      await Promise.all(visitors.map(({ page }) => phone.seesFrames(page)))
      // Wherever the sockets and the call are: one of the two nodes had them.
      const lost = Promise.race(
        visitors.map(({ page }) => page.getByText('Reconnecting').waitFor({ timeout: 60_000 })),
      )
      for (const node of cluster.nodes) {
        await node.kill()
        for (const { page } of visitors) await phone.seesFrames(page)
        await node.start()
        for (const { page } of visitors) await phone.isConnected(page)
      }
      await lost
      await phone.hangUp(ben.page)
      for (const { page } of visitors) await phone.isIdle(page)
      expect(visitors.flatMap(({ faults }) => faults)).toEqual([])
    },
    slow.timeout,
  )
})
