import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { LimitsView } from '@switchboard/protocol/admin'
import { expect, test } from 'vitest'
import { root } from '../product.js'
import { running } from '../running.js'
import { switchboard } from '../trust/operator.js'
import { createAdministrator, panelClient, signedIn } from './panel-client.js'

const product = running({ env: { RATE_LIMITS: 'on' } })

test('guesses are slowed down, by name whether there is one or not, and a reset begins anew', async () => {
  const { name, password } = await createAdministrator(product, 'Ada')
  const last = async (who: string) => {
    const client = panelClient(product)
    for (let wrong = 0; wrong < 5; wrong += 1) {
      expect((await client.signIn(who, 'correct horse battery')).code).toBe('invalid_credentials')
    }
    return client.signIn(who, 'correct horse battery')
  }
  for (const refused of [await last(name), await last('nobody')]) {
    expect([refused.status, refused.code]).toEqual([429, 'too_many_attempts'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  }
  expect((await panelClient(product).signIn(name, password)).status).toBe(429)

  const link = (await switchboard(product, 'admin', 'reset', name)).trim()
  const token = link.slice(link.indexOf('#') + 1)
  product.secret(token)
  const anew = { token, password: 'a word for this one alone' }
  expect((await panelClient(product).post('/api/invitation', anew)).status).toBe(200)
  expect((await panelClient(product).signIn(name, anew.password)).status).toBe(200)
})

test('the command line takes a password from a pipe, and judges it', async () => {
  const create = (name: string, input: string) => {
    const main = join(root, 'packages', 'server', 'dist', 'main.js')
    const { PATH = '', HOME = '' } = process.env
    const env = {
      PATH,
      HOME,
      DATA_DIR: join(product.dir, 'data'),
      TOKEN_KEY_FILE: join(product.dir, 'keys', 'tokenSecret.key'),
    }
    return spawnSync(process.execPath, [main, 'admin', 'create', name, '--role', 'viewer', '--ask'], {
      ...{ cwd: product.dir, env, input, encoding: 'utf8' },
    })
  }
  const weak = create('Bo', 'password1234\n')
  expect([weak.status, weak.stdout]).toEqual([1, ''])
  expect(weak.stderr).toMatch(/^switchboard: this is one of the passwords that everybody tries first\n$/)
  const made = create('Bo', 'a word for this one alone\n')
  expect([made.status, made.stdout]).toEqual([0, 'made the administrator Bo (viewer)\n'])
  expect((await panelClient(product).signIn('Bo', 'a word for this one alone')).status).toBe(200)
  expect(create('bo', 'a word for this one alone\n').stderr).toContain('another administrator has this name')
})

test('the panel shows which limit said no, how often, and to which address', async () => {
  const { client } = await signedIn(product, 'Cy', 'viewer')
  const view = (await client.get('/api/limits')).body as unknown as LimitsView
  const [newest] = view.trips
  expect(newest).toMatchObject({ limit: 'failedLogins', address: '127.0.0.1', userId: null })
  const counted = view.limits.find(({ name }) => name === 'failedLogins')
  expect(counted?.lastAt).toBe(newest?.at)
  expect(counted?.tripped).toBeGreaterThanOrEqual(3)
  expect(view.limits.find(({ name }) => name === 'stalledMs')).toMatchObject({ tripped: 0, lastAt: null })
})
