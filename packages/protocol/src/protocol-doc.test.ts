import { readFileSync } from 'node:fs'
import { Compile } from 'typebox/compile'
import { describe, expect, test } from 'vitest'
import { causes, closeEvents, down, signalErrorCodes, up } from './index.js'
import { causeMeanings, errorMeanings } from './reference/index.js'

const text = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8')

/** The example below a heading. */
function example(heading: string): unknown {
  const section = text.split(`### ${heading}\n`)[1]?.split('\n### ')[0] ?? ''
  const json = section.match(/```json\n(.+)\n```/)?.[1]
  return json && JSON.parse(json)
}

describe('docs/protocol.md', () => {
  test.each(Object.entries(up))('shows %s of the client with a valid example', (reason, schema) => {
    expect(Compile(schema).Check(example(`\`${reason}\` (client)`))).toBe(true)
  })

  test.each(Object.entries(down))('shows %s of the server with a valid example', (reason, schema) => {
    expect(Compile(schema).Check(example(`\`${reason}\` (server)`))).toBe(true)
  })

  test('names every cause, error code and close code, with the meaning that the reference gives', () => {
    for (const cause of causes) expect(text).toContain(`| \`${cause}\` | ${causeMeanings[cause]} |`)
    for (const code of signalErrorCodes) expect(text).toContain(`| \`${code}\` | ${errorMeanings[code]} |`)
    for (const { code } of Object.values(closeEvents)) expect(text).toContain(`| ${code} |`)
  })
})
