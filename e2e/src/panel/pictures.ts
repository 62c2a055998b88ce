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
  const { look, sheets, front } = createAlbum(browser, 'panel')
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
  await front('call', 'calls')
} finally {
  await browser.close()
  await product.stop()
  await product.dispose()
}
