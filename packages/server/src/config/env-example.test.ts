import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { settings } from './settings.js'

const example = readFileSync(new URL('../../../../.env.example', import.meta.url), 'utf8')

test('.env.example names every setting, with its default or a value it takes, and sets none', () => {
  expect(parseEnv(example)).toEqual({})
  const written = parseEnv(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''))
  expect(Object.keys(written).sort()).toEqual(Object.keys(settings).sort())
  for (const [name, { fallback, example, parse }] of Object.entries(settings)) {
    expect(written[name], name).toBe(fallback ?? example)
    expect(() => parse(written[name] ?? ''), name).not.toThrow()
  }
})
