import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import WebSocket from 'ws'

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

const flags = [
  ...[
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-dev-shm-usage',
    '--remote-debugging-port=0',
  ],
  ...[
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  ],
  ...['--disable-renderer-backgrounding', '--disable-background-timer-throttling'],
  ...['--allow-loopback-in-peer-connection', '--disable-features=WebRtcHideLocalIpsWithMdns'],
]
const startWithinMs = 20_000

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

/** The address that Chromium prints when its debugger listens. */
function debuggerOf(chromium: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const late = setTimeout(() => reject(new Error(`chromium did not start:\n${printed}`)), startWithinMs)
    chromium.once('error', error =>
      reject(new Error('chromium is not installed: apt install chromium', { cause: error })),
    )
    chromium.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      const [, address] = /DevTools listening on (ws:\S+)/.exec(printed) ?? []
      if (address === undefined) return
      clearTimeout(late)
      resolve(address)
    })
  })
}

interface Answer {
  readonly id?: number
  readonly method?: string
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message: string }
}

/** The Chrome DevTools Protocol, as much of it as runs a page. */
async function connectDebugger(address: string) {
  const socket = new WebSocket(address)
  await once(socket, 'open')
  const waiting = new Map<number, (answer: Answer) => void>()
  const listeners = new Set<(answer: Answer) => void>()
  let count = 0
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString('utf8')) as Answer
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer)
    else for (const listener of [...listeners]) listener(answer)
  })
  return {
    async ask(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
      const id = ++count
      const answered = new Promise<Answer>(resolve => waiting.set(id, resolve))
      socket.send(JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }))
      const { result, error } = await answered
      if (error) throw new Error(`${method}: ${error.message}`)
      return result ?? {}
    },
    next: (method: string) =>
      new Promise<void>(resolve => {
        const listener = (answer: Answer) => {
          if (answer.method !== method) return
          listeners.delete(listener)
          resolve()
        }
        listeners.add(listener)
      }),
    close: () => socket.close(),
  }
}

export async function openBrowser(): Promise<Browser> {
  const { server, origin } = await serve()
  const profile = await mkdtemp(join(tmpdir(), 'switchboard-chromium-'))
  const chromium = spawn('chromium', [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(chromium, 'exit').catch(() => undefined)
  const devtools = await connectDebugger(await debuggerOf(chromium))

  async function page(): Promise<Page> {
    const { targetId } = await devtools.ask('Target.createTarget', { url: 'about:blank' })
    const attached = await devtools.ask('Target.attachToTarget', { targetId, flatten: true })
    const sessionId = String(attached.sessionId)
    const ask = (method: string, params: object = {}) => devtools.ask(method, params, sessionId)
    await ask('Page.enable')
    const loading = async (start: () => Promise<unknown>) => {
      const loaded = devtools.next('Page.loadEventFired')
      await start()
      await loaded
    }
    await loading(() => ask('Page.navigate', { url: origin }))
    return {
      async run<T>(body: string) {
        const expression = `(async () => {${body}})()`
        const answer = await ask('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
        const { exceptionDetails, result } = answer as {
          exceptionDetails?: { readonly exception?: { readonly description?: string } }
          result: { readonly value: T }
        }
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? 'the page threw')
        return result.value
      },
      reload: () => loading(() => ask('Page.reload')),
    }
  }

  return {
    origin,
    page,
    async close() {
      devtools.close()
      chromium.kill('SIGKILL')
      await exited
      server.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}
