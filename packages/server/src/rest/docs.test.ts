import { gunzipSync } from 'node:zlib'
import { asyncApi } from '@switchboard/protocol/reference'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takesGzip } from '../http/static-file.js'
import { type RestWorld, restWorld } from './testing.js'

let world: RestWorld
beforeAll(async () => {
  world = await restWorld()
})
afterAll(() => world.close())

const get = (url: string, headers: Record<string, string> = {}) => world.app.inject({ url, headers })
const bundle = '/docs/static/swagger-ui-bundle.js'

/** The files that the page names, as it names them. */
async function linked(): Promise<string[]> {
  const { body } = await get('/docs')
  return [...body.matchAll(/(?:src|href)="([^"]+\?v=[^"]+)"/g)].map(([, link]) => String(link))
}

describe('the files of /docs', () => {
  test('are named with what is in them, and kept for ever by whoever got them so', async () => {
    const links = await linked()
    const names = links.map(link => link.replace(/^.*\/|\?.*$/g, ''))
    expect(names).toEqual(expect.arrayContaining(['swagger-ui-bundle.js', 'swagger-ui.css', 'index.css']))
    for (const link of links) {
      const { statusCode, headers } = await get(link)
      expect(statusCode).toBe(200)
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
      expect(headers.etag).toBe(`"${link.replace(/^.*=/, '')}"`)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['content-type']).toMatch(/^text\/(javascript|css); charset=utf-8$/)
    }
  })

  test('under another name are asked for again, and not sent again', async () => {
    for (const url of [bundle, `${bundle}?v=another`]) {
      const { headers } = await get(url)
      expect(headers['cache-control']).toBe('public, no-cache')
      const again = await get(url, { 'if-none-match': `W/"x", ${headers.etag}` })
      expect([again.statusCode, again.body]).toEqual([304, ''])
      expect((await get(url, { 'if-none-match': '"x"' })).statusCode).toBe(200)
    }
  })

  test('are sent compressed to whom that is right, and mean the same', async () => {
    const plain = await get(bundle)
    const packed = await get(bundle, { 'accept-encoding': 'gzip, deflate, br' })
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 3)
    expect(gunzipSync(packed.rawPayload).equals(plain.rawPayload)).toBe(true)
  })

  test('are the same bytes in memory for all who read them, however slowly', async () => {
    const sent: unknown[] = []
    const watched = await restWorld()
    watched.app.addHook('onSend', async (request, _reply, payload) => {
      if (request.url === bundle) sent.push(payload)
      return payload
    })
    for (let n = 0; n < 3; n++) await watched.app.inject(bundle)
    await watched.close()
    expect(sent).toHaveLength(3)
    expect(sent[0]).toBeInstanceOf(Buffer)
    expect(new Set(sent).size).toBe(1)
  })

  test('that are not there are no file of ours', async () => {
    for (const name of ['nothing.js', '..%2fpackage.json', '%2e%2e/package.json', '../package.json'])
      expect((await get(`/docs/static/${name}`)).statusCode).toBeGreaterThanOrEqual(400)
  })
})

test('the page keeps its strict policy, and the document is one text', async () => {
  const policy = String((await get('/docs')).headers['content-security-policy'])
  expect(policy).toMatch(/default-src 'none'; script-src 'self';/)
  const [json, again] = [await get('/openapi.json'), await get('/docs/json')]
  expect(again.body).toBe(json.body)
  expect(again.headers['content-type']).toBe('application/json; charset=utf-8')
  expect((await get('/docs/yaml')).body).toMatch(/^openapi: /)
})

test('signaling is described too, from the schemas that judge its messages', async () => {
  const { statusCode, headers, body } = await get('/asyncapi.json')
  expect([statusCode, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
  expect(JSON.parse(body)).toEqual(asyncApi())
})

test.each([
  ['gzip', true],
  ['br, gzip', true],
  ['gzip;q=0.5, br', true],
  ['GZIP ; q=1.0', true],
  ['gzip;q=0', false],
  ['gzip;q=0.000, br', false],
  ['br', false],
  ['xgzip', false],
  ['', false],
  [undefined, false],
])('accept-encoding: %s', (accepted, takes) => {
  expect(takesGzip(accepted)).toBe(takes)
})
