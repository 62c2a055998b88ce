import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusedBelow } from '../admin/testing.js'
import { httpWorld } from '../http/testing.js'
import { createHashing } from '../sessions/hashing.js'
import { movableClock } from '../sessions/testing.js'
import { type TestDatabase, testDatabase } from '../storage/testing.js'
import { addressKey } from '../throttles/addresses.js'
import { unlimited } from '../throttles/unlimited.js'
import { startAdmin } from './admin.js'
import { firstLink, startPanel } from './identity.js'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
})
afterAll(() => db.close())

const config = {
  ...{ adminHost: '127.0.0.1', adminPort: 0, adminPortIsSet: true, adminOrigin: undefined },
  securityProfile: 'standard',
} as const

function panelOn(database: TestDatabase['database']) {
  const http = httpWorld()
  const keys = [randomBytes(32)] as const
  const accounts = {
    ...{ throttles: unlimited, hashing: createHashing(), secrets: async () => keys },
    administratorsKey: async () => keys[0],
  }
  const clientAddress = (address: string | undefined) => addressKey(address)
  const made = startPanel({
    ...{ config, database, accounts, clientAddress, clock: movableClock(), version: '1.2.3', routes: [] },
    ...{ newId: http.newId, log: http.log },
  })
  return { ...http, ...made }
}

test('every route is refused to nobody and to every role below its own, whatever it does', async () => {
  const { panel } = panelOn(db.database)
  const answers = await refusedBelow(panel.routes)
  const counts = (answer: string) => answers.filter(each => each === answer).length
  const leasts = panel.routes.map(({ least }) => least)
  const asking = (...among: string[]) => leasts.filter(least => among.includes(least)).length
  expect(counts('nobody: 401 not_signed_in')).toBe(asking('half_signed_in', 'viewer', 'operator', 'owner'))
  expect(counts('viewer: 403 role_too_low')).toBe(asking('operator', 'owner'))
  expect(counts('operator: 403 role_too_low')).toBe(asking('owner'))
  expect(answers.filter(answer => !/40[13] (not_signed_in|role_too_low)$/.test(answer))).toEqual([])
  expect(asking('owner')).toBeGreaterThan(5)
})

test('what is open to anybody is the ways in, and the way out', () => {
  const { panel } = panelOn(db.database)
  const open = panel.routes.filter(({ least }) => least === 'anybody').map(({ path }) => path)
  expect(open).toEqual([
    ...['/api/sign_in', '/api/sign_in/passkey/options', '/api/sign_in/passkey', '/api/sign_out'],
    ...['/api/first_administrator', '/api/invitation'],
  ])
})

test('every route that does something is told of by a name', () => {
  const { panel } = panelOn(db.database)
  const silent = panel.routes.filter(({ method, act }) => method !== 'GET' && !act).map(({ path }) => path)
  expect(silent).toEqual(['/api/sign_in/passkey/options', '/api/own/passkeys/options'])
})

test('the link at first start makes the first administrator, once, and there is none afterwards', async () => {
  const { createServer, newId, log, logged, panel, identity } = panelOn(db.database)
  const { address = '', stop } = await startAdmin({
    ...{ config, createServer, newId, log, panel },
    families: () => [],
  })
  try {
    const link = (await firstLink(identity, config, address)) ?? ''
    const { hostname, port, pathname, hash } = new URL(link)
    expect([hostname, port, pathname]).toEqual(['localhost', new URL(address).port, '/welcome'])
    const post = (token: string) =>
      fetch(`${address}/api/first_administrator`, {
        method: 'POST',
        headers: { origin: address, 'content-type': 'application/json' },
        body: JSON.stringify({ token, name: 'Ada', password: 'a word for this one alone' }),
      })
    expect((await post('b'.repeat(43))).status).toBe(410)
    const made = await post(hash.slice(1))
    expect([made.status, await made.json()]).toEqual([200, { next: 'done', methods: [] }])
    const [cookie = ''] = made.headers.getSetCookie()
    const session = await fetch(`${address}/api/session`, { headers: { cookie: cookie.split(';')[0] ?? '' } })
    expect(await session.json()).toMatchObject({
      administrator: { name: 'Ada', role: 'owner' },
      version: '1.2.3',
    })
    expect((await post(hash.slice(1))).status).toBe(410)
    expect(await firstLink(identity, config, address)).toBeUndefined()
    expect(logged.join('')).not.toContain(hash.slice(1))
    expect((await identity.audit.page({ act: 'administrator.first' })).entries).toHaveLength(1)
  } finally {
    stop()
  }
})

test('the link names where the panel is said to be', async () => {
  const fresh = await testDatabase()
  try {
    const { identity } = panelOn(fresh.database)
    const origin = 'https://admin.example.org'
    expect(await firstLink(identity, { ...config, adminOrigin: origin }, 'http://10.0.0.1:9090')).toMatch(
      /^https:\/\/admin\.example\.org\/welcome#[\w-]{43}$/,
    )
    expect(await firstLink(identity, config, undefined)).toBeUndefined()
  } finally {
    await fresh.close()
  }
})
