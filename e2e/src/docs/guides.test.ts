import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from '../chromium.js'
import { person } from '../people.js'
import { root } from '../product.js'
import { running } from '../running.js'
import { block, inPlace } from './blocks.js'

const sdk = 'docs/build-an-app.md'
const plain = 'docs/plain-messages.md'
const command = block(sdk, 'sh', 'npx esbuild')

let app: string
let bundler: ChildProcess | undefined
let origin: string
let browser: Browser

/** Runs the command of the guide; it says where it serves. */
async function serve(written: string): Promise<string> {
  const line = written
    .replaceAll(/\bapp\b(?=[/ ]|$)/g, relative(root, app))
    .replace('--serve=localhost:5173', '--serve=127.0.0.1:0')
  const process = spawn(line, { shell: true, cwd: root, detached: true, stdio: ['pipe', 'ignore', 'pipe'] })
  bundler = process
  let printed = ''
  process.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  while (!/http:\/\/127[^\s]+/.test(printed)) await once(process.stderr, 'data')
  return new URL(printed.match(/http:\/\/127[^\s]+/)?.[0] ?? '').origin
}

const server = running({
  env: async () => {
    await mkdir(join(root, 'node_modules', '.cache'), { recursive: true })
    app = await mkdtemp(join(root, 'node_modules', '.cache', 'app-'))
    // The app is there when the address of the server is known; esbuild builds at every request.
    await writeFile(join(app, 'app.js'), '')
    ;[origin, browser] = await Promise.all([serve(command), launch(['--use-fake-ui-for-media-stream'])])
    return { ALLOWED_ORIGINS: origin }
  },
})

beforeAll(async () => {
  const api = { 'http://localhost:8080': server.api }
  await writeFile(join(app, 'index.html'), block(sdk, 'html'))
  await writeFile(join(app, 'app.js'), inPlace(block(sdk, 'js'), api))
  const whole = inPlace(block(plain, 'html'), { ...api, 'ws://localhost:4000': server.signal })
  await writeFile(join(app, 'plain.html'), whole)
})
afterAll(async () => {
  await browser?.close()
  if (bundler?.pid) process.kill(-bundler.pid)
  await rm(app, { recursive: true, force: true })
})

const says = (page: Page, text: string) =>
  page.getByRole('status').filter({ hasText: text }).waitFor({ timeout: 20_000 })

/** Pictures of the other side are decoded, and go on being. */
async function sees(page: Page) {
  const count = `document.getElementById('other').getVideoPlaybackQuality().totalVideoFrames`
  await page.waitForFunction(`${count} > 10`, undefined, { timeout: 20_000 })
}

/** Two people who open a page, each in a browser of their own, with their faults. */
async function two(path: string, enter: (page: Page, who: ReturnType<typeof person>) => Promise<void>) {
  const faults: string[] = []
  const contexts: BrowserContext[] = []
  const open = async () => {
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] })
    contexts.push(context)
    const page = await context.newPage()
    page.on('pageerror', error => faults.push(String(error)))
    await page.goto(`${origin}/${path}`)
    const who = person()
    for (const secret of [who.password, who.phone_number, who.email]) server.secret(secret)
    await enter(page, who)
    await says(page, `You are ${who.phone_number}.`)
    return { page, who }
  }
  const people = [await open(), await open()] as const
  const leave = async () => {
    await Promise.all(contexts.map(context => context.close()))
    expect(faults).toEqual([])
  }
  return { people, leave }
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

describe('the app of the guide', () => {
  it('with the SDK: two register, call, see each other through a reload, and hang up', async () => {
    const { people, leave } = await two('', async (page, { phone_number, email, password }) => {
      await page.getByLabel('Number').fill(phone_number)
      await page.getByLabel('Email').fill(email)
      await page.getByLabel('Password').fill(password)
      await press(page, 'Register')
    })
    const [{ page: ada }, { page: ben, who }] = people
    await ada.getByLabel('Whom?').fill(who.phone_number)
    await press(ada, 'Call')
    await says(ada, 'It rings')
    await says(ben, 'calls.')
    await press(ben, 'Accept')
    await says(ada, 'You speak with')
    await Promise.all([sees(ada), sees(ben)])
    await ada.reload()
    await says(ada, 'back')
    await sees(ada)
    await press(ada, 'Hang up')
    await says(ben, 'Over: hung_up')
    await leave()
  })

  it('with plain messages: two log in, call, see each other, and hang up', async () => {
    const { people, leave } = await two('plain.html', async (page, who) => {
      expect((await server.rest('POST', '/create_user', { body: who })).status).toBe(201)
      await page.getByLabel('Email').fill(who.email)
      await page.getByLabel('Password').fill(who.password)
      await press(page, 'Log in')
    })
    const [{ page: ada }, { page: ben, who }] = people
    await ada.getByLabel('Whom?').fill(who.phone_number)
    await press(ada, 'Call')
    await says(ben, 'calls.')
    await press(ben, 'Accept')
    await Promise.all([says(ada, 'connected'), says(ben, 'connected')])
    await Promise.all([sees(ada), sees(ben)])
    await press(ben, 'Hang up')
    await says(ada, 'Over: hung_up')
    await leave()
  })
})
