import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** Both widths, by day and by night. What does not depend on colours is looked for once a width. */
const ways = [
  { width: 1280, height: 800, colorScheme: 'dark', rules: '{}' },
  { width: 1280, height: 800, colorScheme: 'light', rules: `{ runOnly: ['color-contrast'] }` },
  { width: 360, height: 740, colorScheme: 'dark', rules: `{ runOnly: ['color-contrast'] }` },
  { width: 360, height: 740, colorScheme: 'light', rules: '{}' },
] as const

/** Whether anything stands out to the side of the screen. */
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

/** What axe finds on a page, narrow and wide, by day and by night, and what is too wide for it. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found: string[] = []
  for (const { width, height, colorScheme, rules } of ways) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const result = await page.evaluate<Violation[]>(
      `axe.run(document, ${rules}).then(({ violations }) => violations)`,
    )
    for (const { id, nodes } of result)
      for (const { html, failureSummary } of nodes)
        found.push(`${width} ${colorScheme} ${id}: ${html} ${failureSummary}`)
    if ((await page.evaluate<number>(overflow)) > 0) found.push(`${width} is too wide`)
  }
  return found
}
