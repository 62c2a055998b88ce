import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { root } from '../product.js'

/** Everything that is written for readers, from the top of the repository. */
export const documents: readonly string[] = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'packages/client/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => posix.join('docs', name)),
]

export const read = (file: string) => readFileSync(join(root, file), 'utf8')
export const isThere = (path: string) => existsSync(join(root, path))

const fence = /^([ ]*)```.*\n[\s\S]*?\n\1```$/gm
const indented = /(?<=\n\n)(?: {4}.*\n|\n(?= {4}))+/g

/** The prose of a document: no blocks of code. */
export const prose = (file: string) => read(file).replaceAll(fence, '').replaceAll(indented, '')

/** What stands between single backticks. */
export const inlineCode = (file: string) =>
  [...prose(file).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)

/** The lines of the blocks of code, fenced or indented. */
export function codeLines(file: string): readonly string[] {
  const text = read(file)
  const fenced = [...text.matchAll(fence)].map(([block]) => block.split('\n').slice(1, -1).join('\n'))
  return [...fenced, ...(text.replaceAll(fence, '').match(indented) ?? [])].flatMap(each => each.split('\n'))
}

/** Anchors of a document's headings, as GitHub makes them. */
export function anchors(file: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [, heading = ''] of prose(file).matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-')
    let name = slug
    for (let n = 1; found.has(name); n++) name = `${slug}-${n}`
    found.add(name)
  }
  return found
}

const code = /\.(tsx?|[mc]?js|sql|json|ya?ml|conf|service|env|sh)$|(^|\/)[^.]+$/
const notOurs = /(^|\/)(node_modules|dist|docs)\//

/** The code in those folders as one text, to look for words in; not what looks. */
export function sources(tops: readonly string[]): string {
  const texts: string[] = []
  for (const top of tops)
    for (const entry of readdirSync(join(root, top), { recursive: true, withFileTypes: true })) {
      const path = posix.join(entry.parentPath, entry.name)
      if (entry.isFile() && code.test(entry.name) && !notOurs.test(path.slice(root.length)))
        texts.push(readFileSync(path, 'utf8'))
    }
  return texts.join('\n')
}
