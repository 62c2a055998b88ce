import { readdirSync, readFileSync } from 'node:fs'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { schemaFiles } from './schemas.js'

const directory = new URL('../../schemas/', import.meta.url)

test('schemas/ is what the protocol says; npm run conformance:schemas writes it anew', () => {
  const there = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => `${entry.parentPath.split('/').at(-1)}/${entry.name}`)
  expect(there.toSorted()).toEqual([...schemaFiles().keys()].toSorted())
  for (const [path, text] of schemaFiles()) {
    expect(JSON.parse(readFileSync(new URL(path, directory), 'utf8'))).toEqual(JSON.parse(text))
  }
})

test('a published schema takes what is right and refuses what is not', () => {
  const schema = (path: string) => Compile(JSON.parse(schemaFiles().get(path) ?? '') as object)
  const ringing = { REASON: 'ringing', CALL_ID: 'x', RECEIVER_PHONE_NUMBER: '1212121212', SEQ: 1 }
  expect(schema('server/ringing.json').Check(ringing)).toBe(true)
  expect(schema('server/ringing.json').Check({ ...ringing, SEQ: 0 })).toBe(false)
  expect(schema('server/ringing.json').Check({ ...ringing, RECEIVER_PHONE_NUMBER: 'ada' })).toBe(false)
  const token = { token: 'a.b.c', expires_at: '2026-01-31T12:00:00.000Z' }
  expect(schema('rest/token-view.json').Check(token)).toBe(true)
  expect(schema('rest/token-view.json').Check({ ...token, expires_at: 'soon' })).toBe(false)
  expect(schema('rest/token-view.json').Check({ ...token, more: 1 })).toBe(false)
})
