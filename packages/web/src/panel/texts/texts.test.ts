import { expect, it } from 'vitest'
import { en } from './en.js'
import { sv } from './sv.js'

/** Every text by its path; what has gaps is filled. */
function flat(texts: object, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([name, value]) => {
    const here = `${path}/${name}`
    if (typeof value === 'function') return [[here, String(value(7, 7, 7))]] as [string, string][]
    return typeof value === 'string' ? [[here, value]] : flat(value as object, here)
  })
}
/** What is the same word in both languages. */
const shared = [
  ...['/product', '/none', '/filter', '/nav/groups/panel', '/overview/p50', '/user/id'],
  ...['/nodes/version', '/settings/sources/.env'],
]

it('are the same ones in both languages, with the same gaps, and none is left in English', () => {
  const [english, swedish] = [flat(en), flat(sv)]
  expect(english.length).toBeGreaterThan(350)
  expect(swedish.map(([path]) => path)).toEqual(english.map(([path]) => path))
  for (const [index, [path, text]] of swedish.entries()) {
    expect(text.trim(), path).not.toBe('')
    expect(text.includes('7'), path).toBe(english[index]?.[1].includes('7'))
  }
  const same = swedish.filter(([, text], index) => text === english[index]?.[1]).map(([path]) => path)
  expect(same).toEqual(shared)
})
