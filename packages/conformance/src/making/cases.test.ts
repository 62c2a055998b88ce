import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allCases, sections } from '../cases/index.js'
import { sectionOf } from '../run/case.js'
import { withCaseTable } from './case-table.js'

test('each case has an id of its own, in a section that is shown', () => {
  const ids = allCases().map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const each of allCases()) {
    expect(Object.keys(sections)).toContain(sectionOf(each))
    expect(each.id).toMatch(/^[a-z]+\.[a-z0-9-]+$/)
    expect(each.clause).toMatch(/^\d/)
  }
})

test('docs/conformance.md lists them; npm run conformance:docs writes it anew', () => {
  const document = readFileSync(new URL('../../../../docs/conformance.md', import.meta.url), 'utf8')
  expect(document).toContain('`call.given`')
  expect(withCaseTable(document)).toBe(document)
})
