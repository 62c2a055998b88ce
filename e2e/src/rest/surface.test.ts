import { describe, expect, it } from 'vitest'
import { expectProblem } from '../expectations.js'
import { running } from '../running.js'

describe('the surface of the API', () => {
  const server = running()

  it.each(['/health/live', '/health/ready', '/openapi.json', '/docs', '/.well-known/jwks.json'])(
    'answers GET %s',
    async path => {
      const response = await server.rest('GET', path)
      expect([200, 301, 302, 308]).toContain(response.status)
      if (response.status !== 200) {
        const to = String(response.headers.location)
        expect((await server.rest('GET', to)).status).toBe(200)
      }
      expect(response.headers['x-request-id']).toEqual(expect.any(String))
    },
  )

  it('describes every route in OpenAPI 3.1', async () => {
    const { body } = await server.rest('GET', '/openapi.json')
    expect(String(body.openapi)).toMatch(/^3\.1\./)
    const paths = body.paths as Record<string, Record<string, unknown>>
    const routes = [
      'post /create_user',
      'post /login',
      'get /authenticate',
      'get /get_user',
      'post /add_contact',
      'get /get_contacts',
      'delete /delete_contact',
      'put /put_firstname',
      'put /put_lastname',
      'put /put_phonenumber',
      'get /get_reset_password_code',
      'post /get_reset_password_code',
      'get /verify_reset_password_code',
      'post /verify_reset_password_code',
      'put /put_password',
      'put /change_password',
      'post /logout',
      'post /logout_everywhere',
      'delete /delete_user',
      'get /export_user',
      'get /get_turn_credentials',
      'get /get_call_history',
      'get /get_presence',
      'put /block_number',
      'delete /unblock_number',
      'get /get_blocked',
    ]
    const missing = routes.filter(route => {
      const [method, path] = route.split(' ') as [string, string]
      return !paths[path]?.[method]
    })
    expect(missing).toEqual([])
  })

  it('loads nothing for /docs from outside', async () => {
    const first = await server.rest('GET', '/docs')
    const page = first.headers.location ? await server.rest('GET', first.headers.location) : first
    expect(page.headers['content-type']).toContain('text/html')
    const outside = [...page.text.matchAll(/(?:src|href)="(?:https?:)?\/\/([^/"]+)/g)].map(([, host]) => host)
    expect(outside).toEqual([])
  })

  it('names an unknown route and a wrong method', async () => {
    expectProblem(await server.rest('GET', '/no_such_route'), 404, 'not_found')
    const wrong = await server.rest('DELETE', '/login', { body: {} })
    expect([404, 405]).toContain(wrong.status)
    expectProblem(wrong, wrong.status, wrong.status === 404 ? 'not_found' : 'method_not_allowed')
  })

  it('gives each response an id of its own, and takes no wild one from a client', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => server.rest('GET', '/health/live')))
    expect(new Set(ids.map(response => response.headers['x-request-id'])).size).toBe(3)
    const forged = await server.rest('GET', '/health/live', {
      headers: { 'x-request-id': 'x'.repeat(3000) },
    })
    expect(String(forged.headers['x-request-id']).length).toBeLessThan(200)
  })

  it('answers every refusal with an id', async () => {
    for (const [method, path] of [
      ['GET', '/no_such_route'],
      ['GET', '/get_user'],
      ['POST', '/login'],
    ] as const) {
      const response = await server.rest(method, path)
      expect(response.headers['x-request-id']).toEqual(expect.any(String))
    }
  })

  it('gives TURN credentials: none where TURN is not configured', async () => {
    const { token } = await server.join()
    const response = await server.rest('GET', '/get_turn_credentials', { token })
    expect(response.status).toBe(200)
    expect(response.body).toEqual({ ice_servers: [], ttl: expect.any(Number) })
  })

  it('shows presence between mutual contacts alone', async () => {
    const [ada, ben, cyd] = [await server.join(), await server.join(), await server.join()]
    const add = (token: string, number: string) =>
      server.rest('POST', '/add_contact', { token, body: { contact_phonenumber: number } })
    const presence = async (token: string) =>
      (await server.rest('GET', '/get_presence', { token })).body.presence
    await add(ada.token, ben.phone_number)
    await add(ada.token, cyd.phone_number)
    expect(await presence(ada.token)).toEqual([])
    await add(ben.token, ada.phone_number)
    expect(await presence(ada.token)).toEqual([
      { phone_number: ben.phone_number, reachable: false, in_call: false },
    ])
    const [onBen, onCyd] = [await server.device(ben), await server.device(cyd)]
    expect(await presence(ada.token)).toEqual([
      { phone_number: ben.phone_number, reachable: true, in_call: false },
    ])
    onCyd.call(ben.phone_number)
    await onBen.next('call')
    onBen.accept(cyd.phone_number)
    await onCyd.until('the answer', frame => frame.REASON === 'callResponse')
    expect(await presence(ada.token)).toEqual([
      { phone_number: ben.phone_number, reachable: true, in_call: true },
    ])
  })

  it('blocks and unblocks numbers, known or not', async () => {
    const { token } = await server.join()
    const other = await server.join()
    const blocked = async () => (await server.rest('GET', '/get_blocked', { token })).body
    const block = (phone_number: string) =>
      server.rest('PUT', '/block_number', { token, body: { phone_number } })
    const unblock = (phone_number: string) =>
      server.rest('DELETE', '/unblock_number', { token, body: { phone_number } })
    expect(await blocked()).toEqual({ blocked: [] })
    expect((await block(other.phone_number)).status).toBe(204)
    expect((await block('1313131313')).status).toBe(204)
    expect((await block('1313131313')).status).toBe(204)
    const { blocked: numbers } = await blocked()
    expect((numbers as string[]).toSorted()).toEqual([other.phone_number, '1313131313'].toSorted())
    expect((await unblock(other.phone_number)).status).toBe(204)
    expect(await blocked()).toEqual({ blocked: ['1313131313'] })
    expect((await unblock('1313131313')).status).toBe(204)
  })
})
