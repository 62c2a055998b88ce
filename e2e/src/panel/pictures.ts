import { createAlbum } from '../album.js'
import { buildPages } from '../building.js'
import { launch } from '../chromium.js'
import { visit } from '../phone/browser.js'
import { startProduct } from '../product.js'
import { panelAt } from './entering.js'
import { walk } from './scenes.js'
import { settings } from './scenes-of-use.js'

/**
 * Photographs every page of the panel into docs/img, narrow and wide, by day and by night:
 * `node e2e/dist/panel/pictures.js` (after `npm run build`).
 */
await buildPages()
const product = await startProduct({ env: settings })
const browser = await launch()
try {
  const { look, draw, shot, sheets } = createAlbum(browser, 'panel')
  await walk({
    product: {
      dir: product.dir,
      admin: product.admin,
      api: product.api,
      signal: product.signal,
      secret: () => undefined,
    },
    come: () => visit(browser, panelAt(product), { mayUse: [], reducedMotion: 'reduce' }),
    look,
  })
  await sheets()
  await draw(
    'panel.png',
    1040,
    `<style>body{margin:0;background:transparent}main{position:relative;width:1040px;height:600px}
    img{position:absolute;box-shadow:0 4px 24px rgb(0 0 0 / 35%)}</style>
    <main><img src="${shot('call', 'wide-light')}" width="880" style="right:16px;top:16px;border-radius:12px">
    <img src="${shot('calls', 'narrow-dark')}" width="232" style="left:20px;bottom:24px;border-radius:22px"></main>`,
  )
} finally {
  await browser.close()
  await product.stop()
  await product.dispose()
}
