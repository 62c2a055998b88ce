import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../product.js'

/** A piece of code in a document. */
export interface Block {
  /** What stands behind the fence; empty where there is none, or where the block is indented. */
  readonly language: string
  readonly text: string
}

/** The code of a document of the repository that stands in fences. */
export function blocks(file: string): readonly Block[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/^([ ]*)```(\w*)\n([\s\S]*?)\n\1```$/gm)].map(
    ([, indent = '', language = '', code = '']) => ({
      language,
      text: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  )
}

/** The only block in that language that has those words in it. */
export function block(file: string, language: string, words = ''): string {
  const found = blocks(file).filter(each => each.language === language && each.text.includes(words))
  const [one] = found
  if (!one || found.length > 1) throw new Error(`${found.length} such blocks in ${file}`)
  return one.text
}

/** Puts other addresses in place of those that a reader has; every one of them must be there. */
export function inPlace(text: string, addresses: Readonly<Record<string, string>>): string {
  let result = text
  for (const [written, real] of Object.entries(addresses)) {
    if (!result.includes(written)) throw new Error(`${written} is not there any more`)
    result = result.replaceAll(written, real)
  }
  return result
}
