import { expect, test } from 'vitest'
import { inForce } from './in-force.js'
import { readSettings } from './read-settings.js'

const files: Readonly<Record<string, string>> = {
  '.env': 'RING_TIMEOUT_SECONDS=45\nHOST=10.0.0.1\n',
  '/run/turn': 'a shared secret\n',
}

function readFile(path: string): string {
  const text = files[path]
  if (text === undefined) throw Object.assign(new Error('not there'), { code: 'ENOENT' })
  return text
}

test('every setting has its value and its source, and no secret is among them', () => {
  const env = {
    ...{ HOST: '127.0.0.1', DATABASE_URL: 'postgresql://me:my-word@db/calls' },
    TURN_SECRET_FILE: '/run/turn',
  }
  const settings = inForce(readSettings(env, readFile))
  const shown = (name: string) => {
    const { value, source } = settings.find(setting => setting.name === name) ?? {}
    return [value, source]
  }
  expect(shown('HOST')).toEqual(['127.0.0.1', 'environment'])
  expect(shown('RING_TIMEOUT_SECONDS')).toEqual(['45', '.env'])
  expect(shown('ADMIN_PORT')).toEqual(['9090', 'default'])
  expect(shown('PUBLIC_URL')).toEqual(['', 'default'])
  expect(shown('DATABASE_URL')).toEqual(['•••', 'environment'])
  expect(shown('TURN_SECRET')).toEqual(['•••', 'file'])
  expect(shown('SMTP_URL')).toEqual(['', 'default'])
  expect(JSON.stringify(settings)).not.toMatch(/my-word|a shared secret/)
  expect(settings.every(({ description }) => description !== '')).toBe(true)
})
