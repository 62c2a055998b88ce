import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { buildPages } from '../building.js'
import { launch } from '../chromium.js'
import { root, startProduct } from '../product.js'
import { visit } from './browser.js'
import { portrait } from './portrait.js'
import { walk } from './scenes.js'

/**
 * Photographs every screen of the phone into docs/img, narrow and wide, by day and by night:
 * `node e2e/dist/phone/pictures.js` (after `npm run build`).
 */
const target = join(root, 'docs', 'img')
const ways = [
  { name: 'phone-wide-dark', width: 1280, height: 800, colorScheme: 'dark', scale: 0.36, columns: 4 },
  { name: 'phone-wide-light', width: 1280, height: 800, colorScheme: 'light', scale: 0.36, columns: 4 },
  { name: 'phone-narrow-dark', width: 360, height: 740, colorScheme: 'dark', scale: 0.6, columns: 8 },
  { name: 'phone-narrow-light', width: 360, height: 740, colorScheme: 'light', scale: 0.6, columns: 8 },
] as const

/** A screen's picture in every way. */
type Shots = Map<string, Buffer>

const dataUrl = (png: Buffer | undefined) =>
  `data:image/png;base64,${(png ?? Buffer.alloc(0)).toString('base64')}`

async function draw(browser: Browser, file: string, width: number, html: string) {
  const page = await browser.newPage({ viewport: { width, height: 600 } })
  await page.setContent(html)
  await page.evaluate('Promise.all([...document.images].map(image => image.decode()))')
  await page.locator('main').screenshot({ path: join(target, file), omitBackground: true })
  await page.close()
}

const taken: { readonly name: string; readonly shots: Shots }[] = []
const dir = await mkdtemp(join(tmpdir(), 'switchboard-pictures-'))
await writeFile(join(dir, 'camera.y4m'), portrait())
await buildPages()
const product = await startProduct()
const browser = await launch([`--use-file-for-fake-video-capture=${join(dir, 'camera.y4m')}`])
try {
  await walk({
    product,
    come: options => visit(browser, product.api, options),
    options: { reducedMotion: 'reduce' },
    look: async (name, page) => {
      const size = page.viewportSize()
      const shots: Shots = new Map()
      await page.locator('.toast p').waitFor({ state: 'detached' })
      for (const { name: way, width, height, colorScheme } of ways) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        shots.set(way, await page.screenshot())
      }
      if (size) await page.setViewportSize(size)
      taken.push({ name, shots })
    },
  })
  await mkdir(target, { recursive: true })
  for (const { name, width, scale, columns, colorScheme } of ways) {
    const [back, ink] = colorScheme === 'dark' ? ['#05090b', '#a0b3ba'] : ['#dfd9cb', '#51646b']
    const each = Math.round(width * scale)
    const figures = taken.map(
      ({ name: caption, shots }) =>
        `<figure><img src="${dataUrl(shots.get(name))}" width="${each}"><figcaption>${caption}</figcaption></figure>`,
    )
    await draw(
      browser,
      `${name}.png`,
      columns * (each + 20) + 20,
      `<style>main{background:${back};color:${ink};display:grid;grid-template-columns:repeat(${columns},${each}px);gap:20px;padding:20px;font:13px system-ui}
      body,figure{margin:0}img{border-radius:10px;display:block}figcaption{padding-top:6px}</style><main>${figures.join('')}</main>`,
    )
  }
  const shot = (name: string, way: string) => dataUrl(taken.find(each => each.name === name)?.shots.get(way))
  await draw(
    browser,
    'phone.png',
    1040,
    `<style>body{margin:0;background:transparent}main{position:relative;width:1040px;height:600px}
    img{position:absolute;box-shadow:0 4px 24px rgb(0 0 0 / 35%)}</style>
    <main><img src="${shot('video', 'phone-wide-light')}" width="880" style="right:16px;top:16px;border-radius:12px">
    <img src="${shot('incoming', 'phone-narrow-dark')}" width="232" style="left:20px;bottom:24px;border-radius:22px"></main>`,
  )
} finally {
  await browser.close()
  await product.dispose()
  await rm(dir, { recursive: true, force: true })
}
