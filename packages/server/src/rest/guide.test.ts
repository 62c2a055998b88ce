import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RestWorld, restWorld } from './testing.js'

let world: RestWorld
let guide: string
const inline = 'document.documentElement.classList.add("dark")'
beforeAll(async () => {
  guide = await mkdtemp(join(tmpdir(), 'switchboard-guide-'))
  await mkdir(join(guide, 'assets'))
  const page = `<script type="module" src="/docs/guide/assets/app.js"></script><script id="x">${inline}</script>`
  const files = {
    'index.html': page,
    'protocol.html': page,
    'assets/app.js': 'export {}',
    'hashmap.json': '{}',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(guide, name), text)
  world = await restWorld({ guide })
})
afterAll(async () => {
  await world.close()
  await rm(guide, { recursive: true })
})

const get = (url: string) => world.app.inject({ url })

describe('the site of the documents', () => {
  test.each([
    ['/docs/guide/', 'text/html; charset=utf-8'],
    ['/docs/guide/protocol.html', 'text/html; charset=utf-8'],
    ['/docs/guide/assets/app.js', 'text/javascript; charset=utf-8'],
  ])('has %s', async (url, type) => {
    const { statusCode, headers } = await get(url)
    expect([statusCode, headers['content-type']]).toEqual([200, type])
  })

  test('lets in of what is inline the scripts that it was built with, and nothing from elsewhere', async () => {
    const policy = String((await get('/docs/guide/protocol.html')).headers['content-security-policy'])
    // printf '%s' 'document.documentElement.classList.add("dark")' | openssl dgst -sha256 -binary | base64
    expect(policy).toContain("script-src 'self' 'sha256-+jXBBVrxtk8tcWi34/+64B/q/AmYPxbCP60MxuNQyBo=';")
    expect(policy).toMatch(/^default-src 'none'; .*style-src 'self' 'sha256-.*frame-ancestors 'none'$/)
    expect(policy).not.toMatch(/https?:|\*|script-src[^;]*unsafe/)
  })

  test('is found without the last slash, and has nothing that is no part of a page', async () => {
    const { statusCode, headers } = await get('/docs/guide')
    expect([statusCode, headers.location]).toEqual([308, '/docs/guide/'])
    for (const name of ['hashmap.json', 'nothing.html', '../package.json'])
      expect((await get(`/docs/guide/${name}`)).statusCode).toBe(404)
  })

  test('is linked from the page on which one tries the API, and where it was not built, that page says so', async () => {
    expect((await get('/docs')).body).toContain('<a href="/docs/guide/">')
    const bare = await restWorld()
    const { statusCode, body } = await bare.app.inject('/docs')
    expect([statusCode, body.includes('/docs/guide'), body.includes('npm run docs:build')]).toEqual([
      200,
      false,
      true,
    ])
    await bare.close()
  })
})
