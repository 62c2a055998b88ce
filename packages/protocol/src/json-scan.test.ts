import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scanObject } from './json-scan.js'

const scan = (text: string) => scanObject(text, 8, 32)
function rawMembers(text: string) {
  const members = scan(text)
  if (typeof members === 'string') return members
  return Object.fromEntries(
    members.keys.map((key, i) => [key, text.slice(members.starts[i], members.ends[i])]),
  )
}

describe('scanObject', () => {
  test('finds every member of any JSON object, however it is spaced', () => {
    const member = fc.record({ key: fc.string({ unit: 'binary' }), value: fc.jsonValue({ maxDepth: 5 }) })
    fc.assert(
      fc.property(
        fc.uniqueArray(member, { maxLength: 32, selector: m => m.key }),
        fc.nat(3),
        (members, indent) => {
          const space = ' '.repeat(indent)
          const text = `{${members
            .map(
              m =>
                `${space}${JSON.stringify(m.key)}${space}:${space}${JSON.stringify(m.value, null, indent)}`,
            )
            .join(`${space},\n`)}}`
          const found = rawMembers(text)
          expect(found).toBeTypeOf('object')
          const parsed = JSON.parse(text) as Record<string, unknown>
          for (const m of members) {
            expect(JSON.parse((found as Record<string, string>)[m.key] ?? 'undefined')).toEqual(parsed[m.key])
          }
        },
      ),
    )
  })

  test('gives a value in its own bytes', () => {
    expect(rawMembers('{"SDP": "a\\u0041\\n" , "X":1e2}')).toEqual({ SDP: '"a\\u0041\\n"', X: '1e2' })
    expect(rawMembers('{"S\\u0044P":{"a":[1, 2]}}')).toEqual({ SDP: '{"a":[1, 2]}' })
  })

  test('refuses what is no object, too deep, too wide or said twice', () => {
    expect(scan('[]')).toBe('not_an_object')
    expect(scan('')).toBe('not_an_object')
    expect(scan('"x"')).toBe('not_an_object')
    expect(scan(`{"a":${'['.repeat(7)}${']'.repeat(7)}}`)).toBeTypeOf('object')
    expect(scan(`{"a":${'['.repeat(8)}${']'.repeat(8)}}`)).toBe('too_deep')
    expect(scan('{"a":1,"b":2,"a":3}')).toBe('duplicate_member')
    expect(scan('{"a":1,"\\u0061":3}')).toBe('duplicate_member')
    const wide = Array.from({ length: 33 }, (_, i) => `"k${i}":0`).join(',')
    expect(scan(`{${wide}}`)).toBe('too_many_members')
  })

  test('a brace or a quote inside a string is text', () => {
    expect(rawMembers('{"a":"}{\\"[","b":"\\\\"}')).toEqual({ a: '"}{\\"["', b: '"\\\\"' })
  })
})
