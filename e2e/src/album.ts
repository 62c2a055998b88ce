import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { root } from './product.js'

const target = join(root, 'docs', 'img')
const ways = [
  { name: 'wide-dark', width: 1280, height: 800, colorScheme: 'dark', scale: 0.36, columns: 4 },
  { name: 'wide-light', width: 1280, height: 800, colorScheme: 'light', scale: 0.36, columns: 4 },
  { name: 'narrow-dark', width: 360, height: 740, colorScheme: 'dark', scale: 0.6, columns: 8 },
  { name: 'narrow-light', width: 360, height: 740, colorScheme: 'light', scale: 0.6, columns: 8 },
] as const

type Way = (typeof ways)[number]['name']

/** Photographs of every page of something, narrow and wide, by day and by night, for docs/img. */
export function createAlbum(browser: Browser, title: string) {
  /** A page's picture in every way. */
  const taken = new Map<string, ReadonlyMap<string, Buffer>>()
  const dataUrl = (png: Buffer | undefined) =>
    `data:image/png;base64,${(png ?? Buffer.alloc(0)).toString('base64')}`

  async function draw(file: string, width: number, html: string) {
    await mkdir(target, { recursive: true })
    const page = await browser.newPage({ viewport: { width, height: 600 } })
    await page.setContent(html)
    await page.evaluate('Promise.all([...document.images].map(image => image.decode()))')
    await page.locator('main').screenshot({ path: join(target, file), omitBackground: true })
    await page.close()
  }

  return {
    async look(name: string, page: Page) {
      const size = page.viewportSize()
      const shots = new Map<string, Buffer>()
      await page.locator('.toast p').waitFor({ state: 'detached' })
      for (const { name: way, width, height, colorScheme } of ways) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        shots.set(way, await page.screenshot())
      }
      if (size) await page.setViewportSize(size)
      taken.set(name, shots)
    },
    /** The picture for a front page: one screen on a desk, another on a telephone before it. */
    front(wide: string, narrow: string) {
      const shot = (name: string, way: Way) => dataUrl(taken.get(name)?.get(way))
      return draw(
        `${title}.png`,
        1040,
        `<style>body{margin:0;background:transparent}main{position:relative;width:1040px;height:600px}
    img{position:absolute;box-shadow:0 4px 24px rgb(0 0 0 / 35%)}</style>
    <main><img src="${shot(wide, 'wide-light')}" width="880" style="right:16px;top:16px;border-radius:12px">
    <img src="${shot(narrow, 'narrow-dark')}" width="232" style="left:20px;bottom:24px;border-radius:22px"></main>`,
      )
    },
    /** All of them on one sheet a way. */
    async sheets() {
      for (const { name, width, scale, columns, colorScheme } of ways) {
        const [back, ink] = colorScheme === 'dark' ? ['#05090b', '#a0b3ba'] : ['#dfd9cb', '#51646b']
        const each = Math.round(width * scale)
        const figures = [...taken].map(
          ([caption, shots]) =>
            `<figure><img src="${dataUrl(shots.get(name))}" width="${each}"><figcaption>${caption}</figcaption></figure>`,
        )
        await draw(
          `${title}-${name}.png`,
          columns * (each + 20) + 20,
          `<style>main{background:${back};color:${ink};display:grid;grid-template-columns:repeat(${columns},${each}px);gap:20px;padding:20px;font:13px system-ui}
      body,figure{margin:0}img{border-radius:10px;display:block}figcaption{padding-top:6px}</style><main>${figures.join('')}</main>`,
        )
      }
    },
  }
}
