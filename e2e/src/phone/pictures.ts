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
  const { look, sheets, draw, shot } = createAlbum(browser, 'phone')
  await walk({
    product,
    come: options => visit(browser, product.api, options),
    options: { reducedMotion: 'reduce' },
    look,
  })
  await sheets()
  await draw(
    'phone.png',
    1040,
    `<style>body{margin:0;background:transparent}main{position:relative;width:1040px;height:600px}
    img{position:absolute;box-shadow:0 4px 24px rgb(0 0 0 / 35%)}</style>
    <main><img src="${shot('video', 'wide-light')}" width="880" style="right:16px;top:16px;border-radius:12px">
    <img src="${shot('incoming', 'narrow-dark')}" width="232" style="left:20px;bottom:24px;border-radius:22px"></main>`,
  )
} finally {
  await browser.close()
  await product.stop()
  await product.dispose()
  await rm(dir, { recursive: true, force: true })
}
