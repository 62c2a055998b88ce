import { readFileSync } from 'node:fs'
import { Compile } from 'typebox/compile'

const directory = new URL('../../schemas/', import.meta.url)

interface Check {
  Check(value: unknown): boolean
  Errors(value: unknown): { instancePath: string; message: string }[]
}
const compiled = new Map<string, Check | undefined>()

function checkOf(path: string): Check | undefined {
  if (!compiled.has(path)) compiled.set(path, load(path))
  return compiled.get(path)
}

function load(path: string): Check | undefined {
  try {
    return Compile(JSON.parse(readFileSync(new URL(`${path}.json`, directory), 'utf8')) as object) as Check
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** What is wrong with a value by the published schema of that name; undefined when nothing is. */
export function schemaFault(path: string, value: unknown): string | undefined {
  const check = checkOf(path)
  if (!check) return `there is no schema ${path}`
  if (check.Check(value)) return undefined
  const [first] = check.Errors(value)
  return first ? `${first.instancePath || '/'} ${first.message}` : 'it does not fit'
}

const fileOf: Readonly<Record<string, string>> = {
  callResponse: 'call-response',
  ICECandidate: 'ice-candidate',
  HangUp: 'hang-up',
}

/** What is wrong with a message of the server. */
export const messageFault = (frame: { readonly REASON: unknown }) =>
  schemaFault(`server/${fileOf[String(frame.REASON)] ?? String(frame.REASON)}`, frame)
