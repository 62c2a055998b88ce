import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAlbum } from '../album.js'
import { buildPages } from '../building.js'
import { launch } from '../chromium.js'
import { startProduct } from '../product.js'
import { visit } from './browser.js'
import { portrait } from './portrait.js'
import { walk } from './scenes.js'

/**
 * Photographs every screen of the phone into docs/img, narrow and wide, by day and by night:
 * `node e2e/dist/phone/pictures.js` (after `npm run build`).
 */
const dir = await mkdtemp(join(tmpdir(), 'switchboard-pictures-'))
await writeFile(join(dir, 'camera.y4m'), portrait())
await buildPages()
const product = await startProduct()
const browser = await launch([`--use-file-for-fake-video-capture=${join(dir, 'camera.y4m')}`])
try {
  const { look, sheets, front } = createAlbum(browser, 'phone')
  await walk({
    product,
    come: options => visit(browser, product.api, options),
    options: { reducedMotion: 'reduce' },
    look,
  })
  await sheets()
  await front('video', 'incoming')
} finally {
  await browser.close()
  await product.stop()
  await product.dispose()
  await rm(dir, { recursive: true, force: true })
}
