import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RestWorld, restWorld } from './testing.js'

let world: RestWorld
let site: string
beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), 'switchboard-site-'))
  const files = {
    'index.html': '<!doctype html><title>phone</title>',
    'app.js': 'export {}',
    'service-worker.js': 'void 0',
    'manifest.webmanifest': '{}',
    'grotesk.woff2': 'font',
    'notes.txt': 'not part of the page',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(site, name), text)
  world = await restWorld({ site })
})
afterAll(async () => {
  await world.close()
  await rm(site, { recursive: true })
})

const get = (url: string, headers: Record<string, string> = {}) => world.app.inject({ url, headers })

describe('the phone', () => {
  test('is at /, under a policy that lets nothing inline and nothing from elsewhere in', async () => {
    const { statusCode, headers, body } = await get('/')
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(body).toContain('<title>phone</title>')
    const policy = String(headers['content-security-policy'])
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(policy).not.toMatch(/unsafe|data:|blob:|\*|http/)
    expect(headers['permissions-policy']).toContain('camera=(self), microphone=(self)')
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  })

  test('has a worker that may ask for the files of this origin, and for no others', async () => {
    const policy = String((await get('/service-worker.js')).headers['content-security-policy'])
    expect(policy).toMatch(/^default-src 'none'; .*connect-src 'self'/)
  })

  test('is asked for again each time, and not sent again', async () => {
    const { headers } = await get('/')
    expect(headers['cache-control']).toBe('public, no-cache')
    expect((await get('/', { 'if-none-match': String(headers.etag) })).statusCode).toBe(304)
  })

  test.each([
    ['/app.js', 'text/javascript; charset=utf-8', true],
    ['/manifest.webmanifest', 'application/manifest+json; charset=utf-8', true],
    ['/grotesk.woff2', 'font/woff2', false],
  ])('%s is %s', async (url, type, packed) => {
    const plain = await get(url)
    const { headers, rawPayload } = await get(url, { 'accept-encoding': 'gzip' })
    expect(headers['content-type']).toBe(type)
    expect(headers['content-encoding']).toBe(packed ? 'gzip' : undefined)
    expect((packed ? gunzipSync(rawPayload) : rawPayload).toString()).toBe(plain.body)
    expect(String(headers['content-security-policy'])).toMatch(/default-src 'none'/)
  })

  test('has no other files, and leaves the routes of the API alone', async () => {
    for (const url of ['/notes.txt', '/index.html', '/..%2fpackage.json', '/contacts'])
      expect((await get(url)).statusCode).toBe(404)
    expect((await get('/health/live')).json()).toEqual({ status: 'ok' })
    expect((await get('/get_user')).statusCode).toBe(401)
    expect((await get('/openapi.json')).body).not.toContain('app.js')
  })
})
