import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { launch } from '../chromium.js'

/** A page in a real Chromium, with a camera and a microphone that are none, and the SDK as `sdk`. */
export interface Page {
  /** Runs the body of an async function in the page; what it returns comes back as JSON. */
  run<T>(body: string): Promise<T>
  reload(): Promise<void>
}

export interface Browser {
  /** Of the pages; the server has to let it in. */
  readonly origin: string
  page(): Promise<Page>
  close(): Promise<void>
}

const entry = `export * from '@switchboard/client'`
const resolveDir = fileURLToPath(new URL('../..', import.meta.url))

/** Serves an empty page that has the SDK, bundled from its sources. */
async function serve(): Promise<{ server: Server; origin: string }> {
  const { outputFiles } = await build({
    stdin: { contents: `import * as sdk from 'all'; globalThis.sdk = sdk`, resolveDir },
    plugins: [
      {
        name: 'all',
        setup(bundle) {
          bundle.onResolve({ filter: /^all$/ }, () => ({ path: 'all', namespace: 'all' }))
          bundle.onLoad({ filter: /.*/, namespace: 'all' }, () => ({ contents: entry, resolveDir }))
        },
      },
    ],
    bundle: true,
    write: false,
    format: 'iife',
    conditions: ['source'],
  })
  const script = outputFiles[0]?.text ?? ''
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(
      `<!doctype html><title>phone</title><script>${script.replaceAll('</script', '<\\/script')}</script>`,
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

export async function openBrowser(): Promise<Browser> {
  const [{ server, origin }, chromium] = await Promise.all([
    serve(),
    launch(['--use-fake-ui-for-media-stream']),
  ])
  // Pages of one person's browser: they have one storage.
  const context = await chromium.newContext()
  return {
    origin,
    async page() {
      const page = await context.newPage()
      await page.goto(origin)
      return {
        run: body => page.evaluate(`(async () => {${body}})()`),
        reload: async () => void (await page.reload()),
      }
    },
    async close() {
      await chromium.close()
      server.close()
    },
  }
}
